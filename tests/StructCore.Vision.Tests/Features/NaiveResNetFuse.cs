namespace StructCore.Tests.Features;

/// <summary>SPEC 2b as it is written, value by value.</summary>
internal static class NaiveResNetFuse
{
    private const int Grid = 28;

    /// <summary>layer2 [d2, 28, 28] and layer3 [d3, 14, 14] to [784, d2+d3].</summary>
    public static float[] Fuse(float[] layer2, int width2, float[] layer3, int width3)
    {
        var fused = new float[Grid * Grid * (width2 + width3)];
        for (var y = 0; y < Grid; y++)
        {
            for (var x = 0; x < Grid; x++)
            {
                var row = ((y * Grid) + x) * (width2 + width3);
                for (var c = 0; c < width2; c++)
                {
                    fused[row + c] = Mean(layer2, Grid, c, y, x);
                }

                for (var c = 0; c < width3; c++)
                {
                    fused[row + width2 + c] = Bilinear(layer3, Grid / 2, c, (y / 2f) - 0.25f, (x / 2f) - 0.25f);
                }
            }
        }

        return fused;
    }

    /// <summary>3x3 mean with zeros outside, divisor 9.</summary>
    private static float Mean(float[] layer, int side, int channel, int y, int x)
    {
        float sum = 0;
        for (var v = y - 1; v <= y + 1; v++)
        {
            for (var u = x - 1; u <= x + 1; u++)
            {
                sum += v >= 0 && v < side && u >= 0 && u < side ? layer[(((channel * side) + v) * side) + u] : 0;
            }
        }

        return sum / 9;
    }

    private static float Bilinear(float[] layer, int side, int channel, float y, float x)
    {
        (y, x) = (Math.Clamp(y, 0, side - 1), Math.Clamp(x, 0, side - 1));
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, side - 1), Math.Min(left + 1, side - 1));
        var upper = float.Lerp(Mean(layer, side, channel, top, left), Mean(layer, side, channel, top, right), x - left);
        var lower = float.Lerp(Mean(layer, side, channel, bottom, left), Mean(layer, side, channel, bottom, right), x - left);
        return float.Lerp(upper, lower, y - top);
    }
}
