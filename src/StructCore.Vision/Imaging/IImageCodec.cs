namespace StructCore.Vision.Imaging;

/// <summary>Seam: encoded bytes to 8-bit RGB and back. Implementations are thread-safe.</summary>
public interface IImageCodec
{
    /// <summary>Decodes PNG, JPEG, BMP or TIFF as SPEC 1 asks: grey is repeated, alpha dropped, 16-bit grey becomes (v+128) div 257, EXIF orientation is not applied.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="source">Where the bytes came from, for the message of an error: a path, a camera.</param>
    /// <returns>The image, which the caller disposes of: its memory is a pool's.</returns>
    /// <exception cref="InvalidImageException">Not an image of these kinds, damaged, or larger than the codec's limits; nothing is returned by halves.</exception>
    RgbImage Decode(ReadOnlySpan<byte> encoded, string source);

    /// <summary>Encodes losslessly.</summary>
    void EncodePng(RgbImage image, Stream target);

    /// <summary>Encodes with loss; <paramref name="quality"/> is 1 to 100.</summary>
    void EncodeJpeg(RgbImage image, Stream target, int quality = 90);
}
