namespace StructCore.Vision.Features;

/// <summary>
/// Resizes the position embedding of DINOv2, [side·side, width], to the grid of the patches (SPEC 2).
/// The kernel is separable: first along the columns, then along the rows.
/// </summary>
internal static class PositionGrid
{
    /// <summary>Taps of one target position: source indices <c>First</c> .. and their weights.</summary>
    private readonly record struct Taps(int First, double[] Weights);

    /// <summary>As weights without register tokens were trained: bicubic, a = -0.75, no antialias, source (i+0.5)·side/(target+0.1) - 0.5, indices clamped.</summary>
    public static float[] ResizeBicubic(ReadOnlySpan<float> grid, int side, int target, int width) =>
        Resize(grid, side, target, width, i =>
        {
            var source = ((i + 0.5) * side / (target + 0.1)) - 0.5;
            var first = (int)Math.Floor(source) - 1;
            return new Taps(first, [.. Enumerable.Range(first, 4).Select(t => Cubic(source - t, -0.75))]);
        });

    /// <summary>As weights with register tokens were trained: antialiased bicubic, a = -0.5, kernel stretched by side/target, taps outside left out, weights sum to 1.</summary>
    public static float[] ResizeAntialiased(ReadOnlySpan<float> grid, int side, int target, int width) =>
        Resize(grid, side, target, width, i =>
        {
            var scale = Math.Max(1, (double)side / target);
            var centre = (i + 0.5) * side / target;
            var first = Math.Max(0, (int)(centre - (2 * scale) + 0.5));
            var last = Math.Min(side, (int)(centre + (2 * scale) + 0.5));
            var weights = Enumerable.Range(first, last - first).Select(t => Cubic((t + 0.5 - centre) / scale, -0.5)).ToArray();
            return new Taps(first, [.. weights.Select(w => w / weights.Sum())]);
        });

    /// <summary>Keys' cubic convolution kernel.</summary>
    private static double Cubic(double x, double a)
    {
        x = Math.Abs(x);
        return x switch
        {
            < 1 => (((((a + 2) * x) - (a + 3)) * x) * x) + 1,
            < 2 => (((((x - 5) * x) + 8) * x) - 4) * a,
            _ => 0,
        };
    }

    private static float[] Resize(ReadOnlySpan<float> grid, int side, int target, int width, Func<int, Taps> tapsOf)
    {
        var taps = Enumerable.Range(0, target).Select(tapsOf).ToArray();
        var columns = new double[side * target * width];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < target; x++)
            {
                for (var t = 0; t < taps[x].Weights.Length; t++)
                {
                    var source = grid.Slice(((y * side) + Math.Clamp(taps[x].First + t, 0, side - 1)) * width, width);
                    for (var c = 0; c < width; c++)
                    {
                        columns[(((y * target) + x) * width) + c] += taps[x].Weights[t] * source[c];
                    }
                }
            }
        }

        var resized = new float[target * target * width];
        for (var y = 0; y < target; y++)
        {
            for (var i = 0; i < target * width; i++)
            {
                double sum = 0;
                for (var t = 0; t < taps[y].Weights.Length; t++)
                {
                    sum += taps[y].Weights[t] * columns[(Math.Clamp(taps[y].First + t, 0, side - 1) * target * width) + i];
                }

                resized[(y * target * width) + i] = (float)sum;
            }
        }

        return resized;
    }
}
