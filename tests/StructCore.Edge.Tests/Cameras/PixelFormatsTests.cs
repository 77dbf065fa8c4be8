using System.Runtime.InteropServices;
using StructCore.Edge.Cameras;
using StructCore.Edge.Native.Aravis;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class PixelFormatsTests
{
    private const int Height = 6;
    private const int Width = 8;

    private static readonly byte[] Colour = [200, 100, 50];

    public static TheoryData<CameraPixelFormat> All => [.. Enum.GetValues<CameraPixelFormat>()];

    [Theory]
    [InlineData(CameraPixelFormat.BayerRG8, "RGGB")]
    [InlineData(CameraPixelFormat.BayerGR8, "GRBG")]
    [InlineData(CameraPixelFormat.BayerGB8, "GBRG")]
    [InlineData(CameraPixelFormat.BayerBG8, "BGGR")]
    public void ToRgb_BayerPatternOfOneColour_IsThatColourEverywhere(CameraPixelFormat format, string pattern)
    {
        var raw = Enumerable.Range(0, Height * Width).Select(i => Colour["RGB".IndexOf(pattern[(i / Width % 2 * 2) + (i % 2)], StringComparison.Ordinal)]);
        Assert.Equal(Enumerable.Repeat(Colour, Height * Width).SelectMany(c => c), Convert([.. raw], Width, format).Pixels.ToArray());
    }

    [Theory]
    [InlineData(CameraPixelFormat.RGB8, 0, 1, 2)]
    [InlineData(CameraPixelFormat.BGR8, 2, 1, 0)]
    public void ToRgb_Colours_ComeInTheirOrder(CameraPixelFormat format, int red, int green, int blue)
    {
        byte[] raw = [.. Enumerable.Range(0, Height * Width * 3).Select(i => (byte)i)];
        Assert.Equal(raw.Chunk(3).SelectMany(p => new[] { p[red], p[green], p[blue] }), Convert(raw, Width * 3, format).Pixels.ToArray());
    }

    [Theory]
    [InlineData(CameraPixelFormat.Mono10, 1023)]
    [InlineData(CameraPixelFormat.Mono12, 4095)]
    [InlineData(CameraPixelFormat.Mono16, 65535)]
    public void ToRgb_DeepGrey_IsRoundedToItsPartOf255(CameraPixelFormat format, int largest)
    {
        var deep = Enumerable.Range(0, Height * Width).Select(i => (ushort)(largest * i / ((Height * Width) - 1))).ToArray();
        var expected = deep.Select(v => (byte)Math.Round(255.0 * v / largest, MidpointRounding.AwayFromZero)).SelectMany(v => new[] { v, v, v });
        Assert.Equal(expected, Convert([.. MemoryMarshal.AsBytes(deep)], Width * 2, format).Pixels.ToArray());
    }

    [Fact]
    public void ToRgb_PaddedRows_LeavesThePaddingOut()
    {
        const int padding = 5;
        var raw = Enumerable.Range(0, Height * (Width + padding)).Select(i => i % (Width + padding) < Width ? (byte)i : (byte)255).ToArray();
        var expected = raw.Chunk(Width + padding).SelectMany(row => row[..Width]).SelectMany(v => new[] { v, v, v });
        Assert.Equal(expected, Convert(raw, Width + padding, CameraPixelFormat.Mono8).Pixels.ToArray());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Of_Code_IsTheFormat(CameraPixelFormat format) => Assert.Equal(format, PixelFormats.Of(PixelFormats.Code(format)));

    [Fact]
    public void Of_UnknownCode_IsNone() => Assert.Null(PixelFormats.Of(0x010C0047));

    private static unsafe RgbImage Convert(byte[] raw, int step, CameraPixelFormat format)
    {
        fixed (byte* pixels = raw)
        {
            return PixelFormats.ToRgb(pixels, step, Height, Width, format);
        }
    }
}
