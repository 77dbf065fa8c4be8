using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>PNG, JPEG, BMP and TIFF through the shim.</summary>
internal sealed unsafe class OpenCvImageCodec(long maxPixels = OpenCvImageCodec.DefaultMaxPixels, int maxBytes = OpenCvImageCodec.DefaultMaxBytes) : BoundedImageCodec(maxPixels, maxBytes)
{
    protected override string? Decode(ReadOnlySpan<byte> encoded, int height, int width, Span<byte> pixels)
    {
        var error = stackalloc byte[Shim.ErrorSize];
        fixed (byte* from = encoded, to = pixels)
        {
            return Shim.ImageDecode(from, encoded.Length, height, width, to, error) < 0 ? Shim.Reason(error) : null;
        }
    }

    protected override string? Encode(RgbImage image, Stream target, string extension, int quality)
    {
        var error = stackalloc byte[Shim.ErrorSize];
        fixed (byte* pixels = image.Pixels)
        {
            if (Shim.ImageEncode(pixels, image.Height, image.Width, extension, quality, out var buffer, out var bytes, out var length, error) < 0)
            {
                return Shim.Reason(error);
            }

            try
            {
                target.Write(new ReadOnlySpan<byte>(bytes, length));
                return null;
            }
            finally
            {
                Shim.BufferFree(buffer);
            }
        }
    }
}
