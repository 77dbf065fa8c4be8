using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

/// <summary>The twin of <c>PillowResizer</c>: the same filter straight from its definition, whole image, one sample at a time.</summary>
internal static class NaiveResizer
{
    private const int Bits = 22;

    public static RgbImage Resize(RgbImage image, int side, int window)
    {
        var offset = (side - window) / 2;
        var narrow = Pass(image, side);
        var wide = Pass(narrow, side);
        return wide.Cut(offset, offset, window, window);
    }

    /// <summary>Resamples the columns and transposes, so that two passes give the resized image.</summary>
    private static RgbImage Pass(RgbImage image, int side)
    {
        var target = new byte[side * image.Height * RgbImage.Channels];
        var scale = (double)image.Width / side;
        var support = Math.Max(scale, 1);
        for (var i = 0; i < side; i++)
        {
            var centre = (i + 0.5) * scale;
            var from = Math.Max((int)(centre - support + 0.5), 0);
            var to = Math.Min((int)(centre + support + 0.5), image.Width);
            var weights = Enumerable.Range(from, to - from).Select(x => Math.Max(0, 1 - Math.Abs((x - centre + 0.5) / support))).ToArray();
            var total = weights.Sum();
            var rounded = weights.Select(w => (long)Math.Floor((w / total * (1 << Bits)) + 0.5)).ToArray();
            for (var y = 0; y < image.Height; y++)
            {
                for (var c = 0; c < RgbImage.Channels; c++)
                {
                    var sum = 1L << (Bits - 1);
                    for (var x = from; x < to; x++)
                    {
                        sum += rounded[x - from] * image.Row(y)[(x * RgbImage.Channels) + c];
                    }

                    target[(((i * image.Height) + y) * RgbImage.Channels) + c] = (byte)Math.Clamp(sum >> Bits, 0, 255);
                }
            }
        }

        return new RgbImage(side, image.Height, target);
    }
}
