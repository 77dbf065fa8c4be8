using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>PNG, JPEG, BMP and TIFF through OpenCV; the file's own structure is checked before OpenCV sees it.</summary>
/// <param name="maxPixels">Largest image, in pixels; three bytes each are allocated once the header is within it.</param>
/// <param name="maxBytes">Largest file.</param>
internal sealed unsafe class OpenCvImageCodec(long maxPixels = 100_000_000, int maxBytes = 256 << 20) : IImageCodec
{
    private readonly long _maxPixels = Math.Min(maxPixels, Array.MaxLength / RgbImage.Channels);

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
        var error = stackalloc byte[Shim.ErrorSize];
        fixed (byte* from = encoded, to = pixels)
        {
            if (Shim.ImageDecode(from, encoded.Length, (int)header.Height, (int)header.Width, to, error) < 0)
            {
                image.Dispose();
                throw Refused(source, $"is a {header.Format} file of {header.Height} x {header.Width} pixels that cannot be used: {Shim.Reason(error)}", "Save it again as 8 or 16 bit grey or RGB.");
            }
        }

        return image;
    }

    public void EncodePng(RgbImage image, Stream target) => Encode(image, target, ".png", 0);

    public void EncodeJpeg(RgbImage image, Stream target, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        Encode(image, target, ".jpg", quality);
    }

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

    private static void Encode(RgbImage image, Stream target, string extension, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        var error = stackalloc byte[Shim.ErrorSize];
        fixed (byte* pixels = image.Pixels)
        {
            if (Shim.ImageEncode(pixels, image.Height, image.Width, extension, quality, out var buffer, out var bytes, out var length, error) < 0)
            {
                throw new InvalidImageException($"An image of {image.Height} x {image.Width} pixels cannot be encoded as {extension}: {Shim.Reason(error)}.");
            }

            try
            {
                target.Write(new ReadOnlySpan<byte>(bytes, length));
            }
            finally
            {
                Shim.BufferFree(buffer);
            }
        }
    }

    private static InvalidImageException Refused(string source, string found, string remedy, Exception? inner = null) =>
        new($"Image '{source}' {found}. {remedy}", inner);
}
