using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class PngPixelsTests
{
    private const int FirstData = 8 + 25 + 8;

    public static TheoryData<byte, int> Kinds => [.. from filter in Enumerable.Range(0, 5) from channels in new[] { 1, 3 } select ((byte)filter, channels)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TryDecode_EveryFilterAndWidth_GivesTheSamples(byte filter, int channels)
    {
        for (var width = 1; width <= 40; width++)
        {
            AssertDecodes(height: 5, width, channels, _ => filter);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TryDecode_MixedFiltersOverManyBands_GivesTheSamples(int channels) => AssertDecodes(height: 700, width: 211, channels, y => (byte)(y % 5), chunk: 8192);

    /// <summary>Left, above and corner at every order and distance of a few levels, ties and both ends of the range among them.</summary>
    [Fact]
    public void TryDecode_Paeth_ChoosesAsTheSpecificationSays()
    {
        byte[] levels = [0, 1, 2, 127, 128, 129, 254, 255];
        foreach (var (corner, above, left) in levels.SelectMany(c => levels.SelectMany(b => levels, (b, a) => (c, b, a))))
        {
            AssertSame(2, 2, 1, [corner, above, left, 77], _ => 4, int.MaxValue);
        }
    }

    [Theory]
    [InlineData(16, 0, 2)]
    [InlineData(16, 2, 6)]
    [InlineData(8, 4, 2)]
    [InlineData(8, 6, 4)]
    public void TryDecode_OtherKinds_AreLeft(byte bits, byte colourType, int bytesPerPixel) =>
        Assert.False(TryDecode(NaivePng.Write(4, 4, bits, colourType, Samples(16 * bytesPerPixel)), 4, 4, out _));

    [Fact]
    public void TryDecode_Palette_IsLeft() => Assert.False(TryDecode(NaivePng.Write(1, 3, 8, 3, [2, 0, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]), 1, 3, out _));

    [Fact]
    public void TryDecode_Interlaced_IsLeft()
    {
        var file = NaivePng.Write(4, 4, 8, 0, Samples(16));
        byte[] interlaced = [.. file[..8], .. NaivePng.Chunk("IHDR", [.. file[16..28], 1]), .. file[33..]];
        Assert.False(TryDecode(interlaced, 4, 4, out _));
    }

    [Theory]
    [InlineData(65_535, true)]
    [InlineData(65_536, false)]
    public void TryDecode_RowLongerThanABand_IsLeft(int width, bool decoded) => Assert.Equal(decoded, TryDecode(NaivePng.Write(1, width, 8, 0, Samples(width)), 1, width, out _));

    [Fact]
    public void TryDecode_UnknownFilter_IsLeft() => Assert.False(TryDecode(NaivePng.Write(4, 4, 8, 0, Samples(16), filter: _ => 5), 4, 4, out _));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void TryDecode_RowsThatDoNotFitTheHeader_AreLeft(int rows)
    {
        var (file, header) = (NaivePng.Write(rows, 4, 8, 0, Samples(4 * rows)), NaivePng.Write(4, 4, 8, 0, Samples(16)));
        Assert.False(TryDecode([.. header[..33], .. file[33..]], 4, 4, out _));
    }

    /// <summary>From the header to the end of the data, whose length depends on neither.</summary>
    [Fact]
    public void TryDecode_AnyFlippedBitOfHeaderOrData_IsLeftOrGivesTheSamples()
    {
        var (samples, file) = (Samples(7 * 9), NaivePng.Write(7, 9, 8, 0, Samples(7 * 9), filter: y => (byte)(y % 5)));
        for (var bit = 12 * 8; bit < (file.Length - 16) * 8; bit++)
        {
            if (bit / 8 is >= 29 and < FirstData)
            {
                // Lengths and names of chunks are looked at before.
                continue;
            }

            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(!TryDecode(damaged, 7, 9, out var pixels) || pixels.SequenceEqual(Repeated(samples, 1)), $"bit {bit}");
        }
    }

    private static void AssertDecodes(int height, int width, int channels, Func<int, byte> filter, int chunk = int.MaxValue) =>
        AssertSame(height, width, channels, Samples(height * width * channels), filter, chunk);

    private static void AssertSame(int height, int width, int channels, byte[] samples, Func<int, byte> filter, int chunk)
    {
        var file = NaivePng.Write(height, width, 8, (byte)(channels == 1 ? 0 : 2), samples, filter: filter, chunk: chunk);
        Assert.True(TryDecode(file, height, width, out var pixels));
        Assert.Equal(Repeated(samples, channels), pixels);
    }

    private static bool TryDecode(byte[] file, int height, int width, out byte[] pixels)
    {
        pixels = new byte[height * width * 3];
        return PngPixels.TryDecode(file, height, width, pixels);
    }

    private static byte[] Repeated(byte[] samples, int channels) => channels == 3 ? samples : [.. samples.SelectMany(v => new[] { v, v, v })];

    /// <summary>Smooth with noise, as images are, so that every predictor is near.</summary>
    private static byte[] Samples(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(i => (byte)((100 * Math.Sin(i / 50.0)) + 120 + random.Next(30)))];
    }
}
