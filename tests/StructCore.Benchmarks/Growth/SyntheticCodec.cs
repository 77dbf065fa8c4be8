using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Growth;

/// <summary>Every file is one grey pixel: decoding is measured elsewhere.</summary>
internal sealed class SyntheticCodec : IImageCodec
{
    public RgbImage Decode(ReadOnlySpan<byte> encoded, string source) => new(1, 1, [0, 0, 0]);

    public void EncodePng(RgbImage image, Stream target) => throw new NotSupportedException();

    public void EncodeJpeg(RgbImage image, Stream target, int quality = 90) => throw new NotSupportedException();
}
