namespace StructCore.Vision.Scoring;

/// <summary>The fixed matrix A [side, grid] of SPEC 7: bilinear upsampling (align_corners=false, edges clamped), then a Gaussian of sigma 4 and radius 16 with mirrored edges.</summary>
internal sealed class MapOperator
{
    private const double Sigma = 4;
    private const int Radius = 16;

    private readonly (int Begin, float[] Values)[] _rows;
    private readonly (int Begin, float[] Values)[] _columns;

    public MapOperator(int side, int grid)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(side, Radius);
        var (values, bilinear, kernel) = (new double[side, grid], Bilinear(side, grid), Gaussian());
        for (var y = 0; y < side; y++)
        {
            for (var offset = -Radius; offset <= Radius; offset++)
            {
                var source = Mirror(y + offset, side);
                for (var g = 0; g < grid; g++)
                {
                    values[y, g] += kernel[offset + Radius] * bilinear[source, g];
                }
            }
        }

        _rows = [.. Enumerable.Range(0, side).Select(y => Span(grid, g => values[y, g]))];
        _columns = [.. Enumerable.Range(0, grid).Select(g => Span(side, y => values[y, g]))];
    }

    /// <summary>Row <paramref name="y"/> of A from its first grid index that is not zero to its last.</summary>
    public (int Begin, float[] Weights) Row(int y) => _rows[y];

    /// <summary>Column <paramref name="g"/> of A from its first row that is not zero to its last.</summary>
    public (int Begin, float[] Weights) Column(int g) => _columns[g];

    private static (int Begin, float[] Values) Span(int length, Func<int, double> value)
    {
        var filled = Enumerable.Range(0, length).Where(i => value(i) != 0).ToArray();
        return (filled[0], [.. Enumerable.Range(filled[0], filled[^1] - filled[0] + 1).Select(i => (float)value(i))]);
    }

    private static double[,] Bilinear(int side, int grid)
    {
        var weights = new double[side, grid];
        for (var y = 0; y < side; y++)
        {
            var source = Math.Max(0, ((y + 0.5) * grid / side) - 0.5);
            var lower = Math.Min((int)source, grid - 1);
            var upper = Math.Min(lower + 1, grid - 1);
            weights[y, lower] += 1 - (source - lower);
            weights[y, upper] += source - lower;
        }

        return weights;
    }

    private static double[] Gaussian()
    {
        var kernel = new double[(2 * Radius) + 1];
        for (var i = 0; i < kernel.Length; i++)
        {
            kernel[i] = Math.Exp(-0.5 * Math.Pow((i - Radius) / Sigma, 2));
        }

        var sum = kernel.Sum();
        return Array.ConvertAll(kernel, k => k / sum);
    }

    /// <summary>Reflects without repeating the edge, numpy's "reflect".</summary>
    private static int Mirror(int index, int length) => index < 0 ? -index : index >= length ? (2 * (length - 1)) - index : index;
}
