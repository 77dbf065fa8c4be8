using StructCore.Edge.Cameras;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The pixel formats the camera may send, as numbers of the GenICam Pixel Format Naming Convention, and the way to RGB.</summary>
internal static class PixelFormats
{
    private static readonly Dictionary<CameraPixelFormat, uint> Codes = new()
    {
        [CameraPixelFormat.Mono8] = 0x01080001,
        [CameraPixelFormat.Mono10] = 0x01100003,
        [CameraPixelFormat.Mono12] = 0x01100005,
        [CameraPixelFormat.Mono16] = 0x01100007,
        [CameraPixelFormat.RGB8] = 0x02180014,
        [CameraPixelFormat.BGR8] = 0x02180015,
        [CameraPixelFormat.BayerGR8] = 0x01080008,
        [CameraPixelFormat.BayerRG8] = 0x01080009,
        [CameraPixelFormat.BayerGB8] = 0x0108000A,
        [CameraPixelFormat.BayerBG8] = 0x0108000B,
    };

    public static uint Code(CameraPixelFormat format) => Codes[format];

    /// <summary>Null where the format cannot be read.</summary>
    public static CameraPixelFormat? Of(uint code) => Codes.Where(c => c.Value == code).Select(c => (CameraPixelFormat?)c.Key).FirstOrDefault();

    /// <summary>Bytes of one pixel: the third byte of its code counts the bits.</summary>
    public static int BytesPerPixel(CameraPixelFormat format) => (int)(Codes[format] >> 16 & 0xFF) / 8;

    /// <param name="pixels">Rows that are <paramref name="step"/> bytes apart.</param>
    /// <param name="step">Bytes from one row to the next.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="format">What a row holds.</param>
    /// <exception cref="IOException">The conversion refuses it; the message is its reason.</exception>
    public static unsafe RgbImage ToRgb(byte* pixels, int step, int height, int width, CameraPixelFormat format)
    {
        var image = RgbImage.Rent(height, width, out var rgb);
        var error = stackalloc byte[Shim.ErrorSize];
        fixed (byte* to = rgb)
        {
            if (Shim.PixelsToRgb(pixels, step, height, width, format, to, error) < 0)
            {
                throw new IOException(Shim.Reason(error));
            }
        }

        return image;
    }
}
