namespace StructCore.Vision.Imaging;

/// <summary>A codec that checks a file's own structure, and its limits, before a decoder sees it; the decoder is the subclass's.</summary>
/// <remarks>Thread-safe where the subclass is.</remarks>
/// <param name="maxPixels">Largest image, in pixels; three bytes each are allocated once the header is within it.</param>
/// <param name="maxBytes">Largest file, in bytes.</param>
public abstract class BoundedImageCodec(long maxPixels = BoundedImageCodec.DefaultMaxPixels, int maxBytes = BoundedImageCodec.DefaultMaxBytes) : IImageCodec
{
    /// <summary>Largest image of a codec that is told nothing else, in pixels.</summary>
    protected const long DefaultMaxPixels = 100_000_000;

    /// <summary>Largest file of a codec that is told nothing else, in bytes.</summary>
    protected const int DefaultMaxBytes = 256 << 20;

    private readonly long _maxPixels = Math.Min(maxPixels, Array.MaxLength / RgbImage.Channels);

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, string source)
    {
        if (encoded.Length > maxBytes)
        {
            throw Refused(source, $"has {encoded.Length} bytes, more than the {maxBytes} allowed", "Save it with compression or with fewer pixels.");
        }

        var header = Header(encoded, source);
        if (header.Height <= 0 || header.Width <= 0 || header.Height > _maxPixels / header.Width)
        {
            throw Refused(source, $"says it is {header.Height} x {header.Width} pixels; 1 to {_maxPixels} pixels are allowed", "Scale it down or cut it first.");
        }

        if (header.UnassociatedAlphaAt is { } at)
        {
            byte[] associated = [.. encoded];
            associated[at] = 1;
            encoded = associated;
        }

        var image = RgbImage.Rent((int)header.Height, (int)header.Width, out var pixels);
        if ((header.Format == "PNG" && PngPixels.TryDecode(encoded, image.Height, image.Width, pixels)) || Decode(encoded, image.Height, image.Width, pixels) is not { } reason)
        {
            return image;
        }

        image.Dispose();
        throw Refused(source, $"is a {header.Format} file of {header.Height} x {header.Width} pixels that cannot be used: {reason}", "Save it again as 8 or 16 bit grey or RGB.");
    }

    /// <inheritdoc/>
    public void EncodePng(RgbImage image, Stream target) => EncodeChecked(image, target, ".png", 0);

    /// <inheritdoc/>
    public void EncodeJpeg(RgbImage image, Stream target, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        EncodeChecked(image, target, ".jpg", quality);
    }

    /// <summary>Decodes a file whose structure and size are as they should be.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="height">Rows its header claims.</param>
    /// <param name="width">Columns its header claims.</param>
    /// <param name="pixels">Receives 8-bit RGB, [height, width, 3].</param>
    /// <returns>Null, or why the file cannot be used, as the end of a sentence: then the pixels are of no use.</returns>
    protected abstract string? Decode(ReadOnlySpan<byte> encoded, int height, int width, Span<byte> pixels);

    /// <summary>Encodes an image.</summary>
    /// <param name="image">8-bit RGB.</param>
    /// <param name="target">Receives the file.</param>
    /// <param name="extension">What kind of file: <c>.png</c> or <c>.jpg</c>.</param>
    /// <param name="quality">1 to 100 for JPEG; of no meaning for PNG.</param>
    /// <returns>Null, or why it cannot be encoded: then nothing is written.</returns>
    protected abstract string? Encode(RgbImage image, Stream target, string extension, int quality);

    private static ImageHeader Header(ReadOnlySpan<byte> encoded, string source)
    {
        try
        {
            return ImageHeader.Read(encoded);
        }
        catch (InvalidDataException e)
        {
            throw Refused(source, e.Message, "Copy or capture it again; PNG, JPEG, BMP and TIFF are read.", e);
        }
    }

    private static InvalidImageException Refused(string source, string found, string remedy, Exception? inner = null) =>
        new($"Image '{source}' {found}. {remedy}", inner);

    private void EncodeChecked(RgbImage image, Stream target, string extension, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        if (Encode(image, target, extension, quality) is { } reason)
        {
            throw new InvalidImageException($"An image of {image.Height} x {image.Width} pixels cannot be encoded as {extension}: {reason}.");
        }
    }
}
