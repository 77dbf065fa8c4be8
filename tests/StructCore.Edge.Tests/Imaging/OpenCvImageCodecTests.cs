using System.Buffers.Binary;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class OpenCvImageCodecTests : ImageCodecContract
{
    // A frame of 8 x 8 pixels and a scan without data.
    private static readonly byte[] Frame = [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    private static readonly byte[] Scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0];

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

    protected override IImageCodec Create(long maxPixels, int maxBytes) => new OpenCvImageCodec(maxPixels, maxBytes);

    private static string Refusal(byte[] file) => Assert.Throws<InvalidImageException>(() => new OpenCvImageCodec().Decode(file, "test")).Message;
}
