using OpenCvSharp;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Packages.OpenCvSharp;

/// <summary>PNG, JPEG, BMP and TIFF through OpenCvSharp4.</summary>
internal sealed unsafe class OpenCvSharpImageCodec(long maxPixels = OpenCvSharpImageCodec.DefaultMaxPixels, int maxBytes = OpenCvSharpImageCodec.DefaultMaxBytes) : BoundedImageCodec(maxPixels, maxBytes)
{
    protected override string? Decode(ReadOnlySpan<byte> encoded, int height, int width, Span<byte> pixels)
    {
        OpenCvLibrary.Load();
        try
        {
            using var image = Cv2.ImDecode(encoded, ImreadModes.Unchanged);
            return image.Empty() ? "the decoder refuses it as damaged or of an unusual kind"
                : (image.Rows, image.Cols) != (height, width) ? "its pixels are of another size than its header says"
                : Pixels.CopyRgb(image, pixels);
        }
        catch (Exception e) when (OpenCvLibrary.Refused(e))
        {
            return e.Message;
        }
    }

    protected override string? Encode(RgbImage image, Stream target, string extension, int quality)
    {
        OpenCvLibrary.Load();
        byte[] encoded;
        try
        {
            fixed (byte* pixels = image.Pixels)
            {
                using var rgb = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC3, (nint)pixels);
                using var bgr = new Mat();
                Pixels.Convert(rgb, bgr, ColorConversionCodes.RGB2BGR);
                using InputArray input = bgr;
                if (!Cv2.ImEncode(extension, input, out encoded, extension == ".jpg" ? [(int)ImwriteFlags.JpegQuality, quality] : []))
                {
                    return "the encoder refuses it";
                }
            }
        }
        catch (Exception e) when (OpenCvLibrary.Refused(e))
        {
            return e.Message;
        }

        target.Write(encoded);
        return null;
    }
}
