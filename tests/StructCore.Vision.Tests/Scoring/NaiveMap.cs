using StructCore.Vision.Scoring;

namespace StructCore.Tests.Scoring;

/// <summary>The twins of map and statistics: SPEC 7 and 8 word by word, in float64.</summary>
internal static class NaiveMap
{
    private const int Radius = 16;

    /// <summary>[side, side].</summary>
    public static double[] Of(PatchScores scores, int side)
    {
        var (height, width) = (scores.GridHeight, scores.GridWidth);
        var wide = new double[height * side];
        for (var y = 0; y < height; y++)
        {
            Spread(i => scores.Values[(y * width) + i], width, side).CopyTo(wide, y * side);
        }

        var map = new double[side * side];
        for (var x = 0; x < side; x++)
        {
            var column = Spread(i => wide[(i * side) + x], height, side);
            for (var y = 0; y < side; y++)
            {
                map[(y * side) + x] = column[y];
            }
        }

        return map;
    }

    public static MapStatistics Statistics(double[] map, int side)
    {
        var (mean, variation) = (map.Average(), 0d);
        for (var i = 0; i < map.Length; i++)
        {
            variation += (i + 1) % side == 0 ? 0 : Math.Abs(map[i + 1] - map[i]);
            variation += i + side >= map.Length ? 0 : Math.Abs(map[i + side] - map[i]);
        }

        var dispersion = Math.Sqrt(map.Average(v => (v - mean) * (v - mean)));
        return new MapStatistics((float)map.Max(), new StructuralDescriptor((float)dispersion, (float)Tail(map, Math.Max(1, map.Length / 100)), (float)(variation / map.Length)));
    }

    public static double Tail(double[] values, int count)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted.AsSpan(sorted.Length - count).ToArray().Average();
    }

    /// <summary>Bilinear upsampling of <paramref name="count"/> values to <paramref name="side"/>, then the Gaussian with mirrored edges.</summary>
    private static double[] Spread(Func<int, double> value, int count, int side)
    {
        var fine = new double[side];
        for (var i = 0; i < side; i++)
        {
            var source = Math.Max(0, ((i + 0.5) * count / side) - 0.5);
            var lower = Math.Min((int)source, count - 1);
            fine[i] = value(lower) + ((source - lower) * (value(Math.Min(lower + 1, count - 1)) - value(lower)));
        }

        var blurred = new double[side];
        var kernel = Enumerable.Range(-Radius, (2 * Radius) + 1).Select(o => Math.Exp(-0.5 * o * o / 16)).ToArray();
        for (var i = 0; i < side; i++)
        {
            for (var o = -Radius; o <= Radius; o++)
            {
                var source = Math.Abs(i + o);
                blurred[i] += kernel[o + Radius] / kernel.Sum() * fine[source < side ? source : (2 * (side - 1)) - source];
            }
        }

        return blurred;
    }
}
