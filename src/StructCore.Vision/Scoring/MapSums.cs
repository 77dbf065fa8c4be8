using System.Numerics;
using System.Numerics.Tensors;

namespace StructCore.Vision.Scoring;

/// <summary>
/// Gathers the statistics of a map row by row, in one pass. Rows are summed in float32 and joined in float64: a float32 sum over 150,000 pixels
/// would lose the digits the calibration needs.
/// </summary>
/// <remarks>Not thread-safe. Its buffer comes from a pool.</remarks>
internal sealed class MapSums(int height, int width, int tail) : IDisposable
{
    private readonly LargestValues _largest = new(tail);
    private int _rows;
    private double _mean;
    private double _squares;
    private double _variation;

    /// <summary>Takes in the next row, [width], with the one above it; nothing above the first.</summary>
    public void Add(ReadOnlySpan<float> row, ReadOnlySpan<float> above)
    {
        _variation += Differences(row[1..], row[..^1]);
        if (!above.IsEmpty)
        {
            _variation += Differences(row, above);
        }

        // Chan's joining of mean and squared deviations, the row's own taken about its own mean.
        var mean = TensorPrimitives.Sum(row) / (double)width;
        var squares = SquaredDeviations(row, (float)mean);
        var share = 1d / ++_rows;
        var step = mean - _mean;
        _mean += step * share;
        _squares += squares + (step * step * width * (1 - share));
        _largest.Add(row);
    }

    public MapStatistics Statistics()
    {
        var pixels = (double)height * width;
        return double.IsNaN(_mean)
            ? new MapStatistics(float.NaN, new StructuralDescriptor(float.NaN, float.NaN, float.NaN))
            : new MapStatistics(_largest.Maximum, new StructuralDescriptor((float)Math.Sqrt(_squares / pixels), _largest.Mean(), (float)(_variation / pixels)));
    }

    public void Dispose() => _largest.Dispose();

    private static float Differences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sums, x) = (Vector<float>.Zero, 0);
        for (; x + Vector<float>.Count <= a.Length; x += Vector<float>.Count)
        {
            sums += Vector.Abs(new Vector<float>(a[x..]) - new Vector<float>(b[x..]));
        }

        var sum = Vector.Sum(sums);
        for (; x < a.Length; x++)
        {
            sum += Math.Abs(a[x] - b[x]);
        }

        return sum;
    }

    private static float SquaredDeviations(ReadOnlySpan<float> row, float mean)
    {
        var (sums, x) = (Vector<float>.Zero, 0);
        for (; x + Vector<float>.Count <= row.Length; x += Vector<float>.Count)
        {
            var deviation = new Vector<float>(row[x..]) - new Vector<float>(mean);
            sums += deviation * deviation;
        }

        var sum = Vector.Sum(sums);
        for (; x < row.Length; x++)
        {
            sum += (row[x] - mean) * (row[x] - mean);
        }

        return sum;
    }
}
