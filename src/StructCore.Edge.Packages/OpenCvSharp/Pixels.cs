using OpenCvSharp;

namespace StructCore.Edge.Packages.OpenCvSharp;

/// <summary>OpenCV's pixels as 8-bit RGB: grey is repeated, alpha dropped, 16 bit becomes (v + 128) div 257.</summary>
internal static unsafe class Pixels
{
    /// <summary>Copies an image into [height, width, 3]; null, or why it cannot be done.</summary>
    public static string? CopyRgb(Mat image, Span<byte> rgb)
    {
        if (image.Depth() is not (MatType.CV_8U or MatType.CV_16U))
        {
            return "its samples are neither 8 nor 16 bit";
        }

        if (image.Depth() == MatType.CV_16U)
        {
            using var shallow = To8Bit(image);
            return CopyRgb(shallow, rgb);
        }

        ColorConversionCodes? conversion = image.Channels() switch
        {
            1 => ColorConversionCodes.GRAY2RGB,
            3 => ColorConversionCodes.BGR2RGB,
            4 => ColorConversionCodes.BGRA2RGB,
            _ => null,
        };
        if (conversion is not { } code)
        {
            return "it has neither 1, 3 nor 4 channels";
        }

        fixed (byte* to = rgb)
        {
            using var target = Mat.FromPixelData(image.Rows, image.Cols, MatType.CV_8UC3, (nint)to);
            Convert(image, target, code);
            return target.Data == (nint)to ? null : "its pixels did not fit the buffer";
        }
    }

    /// <summary>Left to themselves, the arrays that OpenCvSharp wraps around its matrices wait for the garbage collector.</summary>
    public static void Convert(Mat from, Mat to, ColorConversionCodes code)
    {
        using InputArray input = from;
        using OutputArray output = to;
        Cv2.CvtColor(input, output, code);
    }

    private static Mat To8Bit(Mat deep)
    {
        var (height, width, channels) = (deep.Rows, deep.Cols, deep.Channels());
        var shallow = new Mat(height, width, MatType.CV_8UC(channels));
        var samples = width * channels;
        for (var y = 0; y < height; y++)
        {
            var from = new ReadOnlySpan<ushort>((void*)deep.Ptr(y), samples);
            var to = new Span<byte>((void*)shallow.Ptr(y), samples);
            for (var x = 0; x < samples; x++)
            {
                to[x] = (byte)((from[x] + 128) / 257);
            }
        }

        return shallow;
    }
}
