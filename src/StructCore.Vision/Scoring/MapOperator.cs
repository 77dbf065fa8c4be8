namespace StructCore.Vision.Scoring;

/// <summary>The fixed matrix A [side, grid] of SPEC 7: bilinear upsampling (align_corners=false, edges clamped), then a Gaussian of sigma 4 and radius 16 with mirrored edges.</summary>
internal sealed class MapOperator
{
    private const double Sigma = 4;
    private const int Radius = 16;

    private readonly int _grid;
    private readonly float[] _values;
    private readonly float[] _columns;
    private readonly (int First, int Last)[] _spans;

    public MapOperator(int side, int grid)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grid);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(side, Radius);
        _grid = grid;
        _values = new float[side * grid];
        _columns = new float[grid * side];
        _spans = new (int, int)[side];
        var (bilinear, kernel) = (Bilinear(side, grid), Gaussian());
        for (var y = 0; y < side; y++)
        {
            var row = new double[grid];
            for (var offset = -Radius; offset <= Radius; offset++)
            {
                var source = Mirror(y + offset, side);
                for (var g = 0; g < grid; g++)
                {
                    row[g] += kernel[offset + Radius] * bilinear[source, g];
                }
            }

            for (var g = 0; g < grid; g++)
            {
                _values[(y * grid) + g] = _columns[(g * side) + y] = (float)row[g];
            }

            _spans[y] = (Array.FindIndex(row, v => v != 0), Array.FindLastIndex(row, v => v != 0));
        }
    }

    /// <summary>Element of A.</summary>
    public float this[int y, int g] => _values[(y * _grid) + g];

    /// <summary>Column <paramref name="g"/> of A, [side].</summary>
    public ReadOnlySpan<float> Column(int g) => _columns.AsSpan(g * _spans.Length, _spans.Length);

    /// <summary>First grid index that row <paramref name="y"/> draws on.</summary>
    public int First(int y) => _spans[y].First;

    /// <summary>Last grid index that row <paramref name="y"/> draws on.</summary>
    public int Last(int y) => _spans[y].Last;

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
