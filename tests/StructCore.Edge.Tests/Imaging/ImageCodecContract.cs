using System.Buffers.Binary;
using System.Text;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

/// <summary>What every <see cref="IImageCodec"/> must do.</summary>
public abstract class ImageCodecContract
{
    private const int Height = 19;
    private const int Width = 23;

    private static readonly byte[] Rgb = Gradient(Height * Width * 3);

    // A frame of 8 x 8 pixels and a scan without data.
    private static readonly byte[] Frame = [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    private static readonly byte[] Scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0];

    public static TheoryData<string> Formats => ["png", "jpeg", "bmp", "tiff"];

    protected abstract IImageCodec Create(long maxPixels = 1_000_000, int maxBytes = 10_000_000);

    [Fact]
    public void Png_EncodedAndDecoded_IsTheSame()
    {
        var codec = Create();
        var got = codec.Decode(codec.EncodePng(new RgbImage(Height, Width, Rgb)), "test");
        Assert.Equal((Height, Width), (got.Height, got.Width));
        Assert.Equal(Rgb, got.Pixels);
    }

    [Fact]
    public void Jpeg_EncodedAndDecoded_IsClose()
    {
        var codec = Create();
        var flat = new RgbImage(16, 32, [.. Enumerable.Repeat(new byte[] { 200, 90, 30 }, 16 * 32).SelectMany(p => p)]);
        var got = codec.Decode(codec.EncodeJpeg(flat, 95), "test");
        Assert.Equal((16, 32), (got.Height, got.Width));
        Assert.All(got.Pixels.ToArray().Zip(flat.Pixels.ToArray()), p => Assert.InRange(p.First, p.Second - 4, p.Second + 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Jpeg_QualityOutOfRange_IsRefused(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Create().EncodeJpeg(new RgbImage(1, 1, [1, 2, 3]), quality));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(300, 1)]
    public void Png_ThinImage_IsTheSame(int height, int width)
    {
        var pixels = Gradient(height * width * 3);
        Assert.Equal(pixels, Create().Decode(Create().EncodePng(new RgbImage(height, width, pixels)), "test").Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Png_FilteredRows_GiveTheirPixels(byte colourType)
    {
        var samples = Gradient(Height * Width * (colourType + 1));
        var file = NaivePng.Write(Height, Width, 8, colourType, samples, filter: y => (byte)(y % 5), chunk: 40);
        Assert.Equal(colourType == 2 ? samples : samples.SelectMany(v => new[] { v, v, v }), Create().Decode(file, "test").Pixels.ToArray());
    }

    [Fact]
    public void Bmp_Rgb_GivesItsPixels() =>
        Assert.Equal(Rgb, Create().Decode(ImageSamples.Bmp(Height, Width, Swapped(Rgb)), "test").Pixels);

    [Fact]
    public void Tiff_Rgb_GivesItsPixels() =>
        Assert.Equal(Rgb, Create().Decode(ImageSamples.Tiff(Height, Width, 8, 3, Rgb), "test").Pixels);

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    public void Grey_8Bit_IsRepeated(string format)
    {
        var grey = Gradient(Height * Width);
        var file = format == "png" ? NaivePng.Write(Height, Width, 8, 0, grey) : ImageSamples.Tiff(Height, Width, 8, 1, grey);
        Assert.Equal(grey.SelectMany(v => new[] { v, v, v }), Create().Decode(file, "test").Pixels.ToArray());
    }

    /// <summary>Levels around each rounding border of (v+128) div 257, in both byte orders.</summary>
    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    public void Grey_16Bit_IsRounded(string format)
    {
        ushort[] levels = [0, 128, 129, 256, 257, 385, 386, 32767, 32768, 32896, 32897, 65278, 65279, 65406, 65407, 65535];
        byte[] wanted = [.. levels.SelectMany(v => Enumerable.Repeat((byte)((v + 128) / 257), 3))];
        var file = format == "png" ? NaivePng.Write(1, levels.Length, 16, 0, Samples(levels, true)) : ImageSamples.Tiff(1, levels.Length, 16, 1, Samples(levels, false));
        Assert.Equal(wanted, Create().Decode(file, "test").Pixels);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    public void Colour_16Bit_IsRoundedPerChannel(string format)
    {
        ushort[] samples = [0, 30000, 65535, 129, 65407, 257, 512, 40000, 128];
        byte[] wanted = [.. samples.Select(v => (byte)((v + 128) / 257))];
        var file = format == "png" ? NaivePng.Write(1, 3, 16, 2, Samples(samples, true)) : ImageSamples.Tiff(1, 3, 16, 3, Samples(samples, false));
        Assert.Equal(wanted, Create().Decode(file, "test").Pixels);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("tiff")]
    public void Alpha_Any_IsDropped(string format)
    {
        byte[] rgba = [.. Rgb.Chunk(3).SelectMany((p, i) => p.Append((byte)(i * 11)))];
        var file = format == "png" ? NaivePng.Write(Height, Width, 8, 6, rgba) : ImageSamples.Tiff(Height, Width, 8, 4, rgba);
        Assert.Equal(Rgb, Create().Decode(file, "test").Pixels);
    }

    [Fact]
    public void Palette_Png_GivesItsColours() =>
        Assert.Equal([7, 8, 9, 1, 2, 3, 4, 5, 6], Create().Decode(NaivePng.Write(1, 3, 8, 3, [2, 0, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]), "test").Pixels.ToArray());

    [Fact]
    public void Exif_Orientation_IsNotApplied()
    {
        var jpeg = Create().EncodeJpeg(new RgbImage(8, 16, Gradient(8 * 16 * 3)));

        // APP1 with one entry: orientation 6, a quarter turn.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        var got = Create().Decode([.. jpeg[..2], .. exif, .. jpeg[2..]], "test");
        Assert.Equal((8, 16), (got.Height, got.Width));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_TruncatedAtAnyLength_IsRefused(string format)
    {
        var (codec, file) = (Create(), Encoded(format));
        for (var length = 0; length < file.Length; length += Math.Max(1, Math.Min(length / 50, file.Length - 1 - length)))
        {
            var error = Assert.Throws<InvalidImageException>(() => codec.Decode(file.AsSpan(0, length), "line-3.img"));
            Assert.Contains("line-3.img", error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_FlippedBits_NeverDoesMoreThanRefuse(string format)
    {
        var (codec, file) = (Create(), Encoded(format));
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            byte[] damaged = [.. file];
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Half of them where the headers are.
                damaged[random.Next(round % 2 == 0 ? Math.Min(100, file.Length) : file.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                // PNG alone has check sums: what it lets pass must be whole.
                var got = codec.Decode(damaged, "damaged");
                Assert.True(format != "png" || got.Pixels.SequenceEqual(Rgb));
            }
            catch (InvalidImageException)
            {
                // As it should.
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_HugeDeclaredSize_IsRefusedBeforeAllocation(string format)
    {
        // Small files that claim 65,000 x 65,000 or more.
        var file = Encoded(format);
        switch (format)
        {
            case "png":
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), int.MaxValue);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), int.MaxValue);
                break;
            case "jpeg":
                // The frame's segment: marker, length, precision, height, width.
                file.AsSpan(file.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 5, 4).Fill(0xFD);
                break;
            case "bmp":
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), int.MaxValue);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), int.MaxValue);
                break;
            default:
                var entries = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)) + 2;
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entries + 8), int.MaxValue);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entries + 20), int.MaxValue);
                break;
        }

        var codec = Create(100_000_000);
        Assert.Throws<InvalidImageException>(() => codec.Decode(file, "huge"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidImageException>(() => codec.Decode(file, "huge"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_MorePixelsThanAllowed_SaysHowMany()
    {
        var file = Create().EncodePng(new RgbImage(Height, Width, Rgb));
        var error = Assert.Throws<InvalidImageException>(() => Create(maxPixels: (Height * Width) - 1).Decode(file, "cam/7.png"));
        Assert.Equal("Image 'cam/7.png' says it is 19 x 23 pixels; 1 to 436 pixels are allowed. Scale it down or cut it first.", error.Message);
        Assert.Equal(Width, Create(maxPixels: Height * Width).Decode(file, "test").Width);
    }

    [Fact]
    public void Decode_MoreBytesThanAllowed_SaysHowMany()
    {
        var file = Create().EncodePng(new RgbImage(Height, Width, Rgb));
        var error = Assert.Throws<InvalidImageException>(() => Create(maxBytes: file.Length - 1).Decode(file, "cam/7.png"));
        Assert.Contains($"'cam/7.png' has {file.Length} bytes, more than the {file.Length - 1} allowed", error.Message);
    }

    [Fact]
    public void Decode_EmptyFile_SaysSo() =>
        Assert.Equal("Image 'x.png' is empty. Copy or capture it again; PNG, JPEG, BMP and TIFF are read.", Assert.Throws<InvalidImageException>(() => Create().Decode([], "x.png")).Message);

    [Fact]
    public void Decode_TextFile_SaysWhatItBeginsWith() =>
        Assert.Contains("begins with 6E6F7420616E2069, which is neither", Assert.Throws<InvalidImageException>(() => Create().Decode(Encoding.ASCII.GetBytes("not an image"), "x.png")).Message);

    [Fact]
    public void Decode_JpegOfManyScans_IsRefused() =>
        Assert.Contains("of more than 100 scans", Refusal([0xFF, 0xD8, .. Frame, .. Enumerable.Repeat(Scan, 101).SelectMany(s => s), 0xFF, 0xD9]));

    [Fact]
    public void Decode_JpegWithoutScan_IsRefused() =>
        Assert.Contains("is a JPEG file without an image", Refusal([0xFF, 0xD8, .. Frame, 0xFF, 0xD9]));

    [Fact]
    public void Decode_BmpWithoutItsRows_SaysSo() =>
        Assert.Contains("is a BMP file of 400 x 500 pixels that ends after 54 bytes", Refusal(ImageSamples.Bmp(400, 500, [])[..54]));

    [Fact]
    public void Decode_TiffStripPastTheEnd_SaysSo()
    {
        // The strip's length is the value of the last entry.
        var file = ImageSamples.Tiff(2, 2, 8, 3, new byte[12]);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(file.Length - 8), file.Length);
        Assert.Contains($"ends after {file.Length} bytes, inside of its strip 1 of 1", Refusal(file));
    }

    [Fact]
    public void Decode_TiffOfFloats_SaysWhatToSave()
    {
        var file = ImageSamples.Tiff(1, 2, 32, 1, new byte[8]);
        Assert.Contains("Save it again as 8 or 16 bit grey or RGB.", Refusal(file));
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".png");
        Assert.Contains(path, Assert.Throws<InvalidImageException>(() => Create().Load(path)).Message);
    }

    [Fact]
    public void Decode_ManyThreads_AllAgree()
    {
        var codec = Create();
        var file = codec.EncodePng(new RgbImage(Height, Width, Rgb));
        Parallel.For(0, 200, _ => Assert.Equal(Rgb, codec.Decode(file, "test").Pixels));
    }

    private static byte[] Gradient(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

    private static byte[] Swapped(byte[] rgb) => [.. rgb.Chunk(3).SelectMany(p => p.Reverse())];

    private static byte[] Samples(ushort[] values, bool bigEndian) =>
        [.. values.SelectMany(v => bigEndian ? new[] { (byte)(v >> 8), (byte)v } : [(byte)v, (byte)(v >> 8)])];

    private string Refusal(byte[] file) => Assert.Throws<InvalidImageException>(() => Create().Decode(file, "test")).Message;

    private byte[] Encoded(string format) => format switch
    {
        "png" => Create().EncodePng(new RgbImage(Height, Width, Rgb)),
        "jpeg" => Create().EncodeJpeg(new RgbImage(Height, Width, Rgb)),
        "bmp" => ImageSamples.Bmp(Height, Width, Swapped(Rgb)),
        _ => ImageSamples.Tiff(Height, Width, 8, 3, Rgb),
    };
}
