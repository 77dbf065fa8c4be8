using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Growth;

/// <summary>Every file is one grey pixel: decoding is measured elsewhere.</summary>
internal sealed class SyntheticCodec : IImageCodec
{
    public RgbImage Decode(ReadOnlySpan<byte> encoded, string source) => new(1, 1, [0, 0, 0]);

    public byte[] EncodePng(RgbImage image) => throw new NotSupportedException();

    public byte[] EncodeJpeg(RgbImage image, int quality = 90) => throw new NotSupportedException();
}
