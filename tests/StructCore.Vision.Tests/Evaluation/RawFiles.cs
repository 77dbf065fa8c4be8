using StructCore.Vision.Imaging;

namespace StructCore.Tests.Evaluation;

/// <summary>A codec for tests: height and width as one byte each, then the pixels as they are.</summary>
internal sealed class RawFiles : IImageCodec
{
    public RgbImage Decode(ReadOnlySpan<byte> encoded, string source) => encoded.Length < 2 || encoded.Length != 2 + (encoded[0] * encoded[1] * RgbImage.Channels)
        ? throw new InvalidImageException($"Image '{source}' is damaged.")
        : new RgbImage(encoded[0], encoded[1], encoded[2..].ToArray());

    public void EncodePng(RgbImage image, Stream target) => target.Write([(byte)image.Height, (byte)image.Width, .. image.Pixels]);

    public void EncodeJpeg(RgbImage image, Stream target, int quality = 90) => EncodePng(image, target);
}
