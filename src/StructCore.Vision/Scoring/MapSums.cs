using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

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
        return double.IsFinite(_mean)
            ? new MapStatistics(_largest.Maximum, new StructuralDescriptor((float)Math.Sqrt(_squares / pixels), _largest.Mean(), (float)(_variation / pixels)))
            : new MapStatistics(float.NaN, new StructuralDescriptor(float.NaN, float.NaN, float.NaN));
    }

    public void Dispose() => _largest.Dispose();

    private static float Differences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var first = MemoryMarshal.Cast<float, Vector<float>>(a);
        var second = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < first.Length && i < second.Length; i++)
        {
            sums += Vector.Abs(first[i] - second[i]);
        }

        var sum = Vector.Sum(sums);
        for (var x = first.Length * Vector<float>.Count; x < a.Length; x++)
        {
            sum += Math.Abs(a[x] - b[x]);
        }

        return sum;
    }

    private static float SquaredDeviations(ReadOnlySpan<float> row, float mean)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = Vector<float>.Zero;
        foreach (var values in vectors)
        {
            var deviation = values - new Vector<float>(mean);
            sums += deviation * deviation;
        }

        var sum = Vector.Sum(sums);
        foreach (var value in row[(vectors.Length * Vector<float>.Count)..])
        {
            sum += (value - mean) * (value - mean);
        }

        return sum;
    }
}
