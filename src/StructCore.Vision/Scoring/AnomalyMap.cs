using StructCore.Vision.Imaging;

namespace StructCore.Vision.Scoring;

/// <summary>The pixel-level anomaly map S of SPEC 7: [height, width] on the backbone's input, squared distances, not normalised.</summary>
/// <remarks>Immutable by contract; safe to read from any thread. A map whose memory comes from a pool gives it back when it is disposed of.</remarks>
public sealed class AnomalyMap : IDisposable
{
    private readonly PooledShare<float> _values;

    /// <summary>Takes ownership of <paramref name="values"/>, [height, width].</summary>
    public AnomalyMap(int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != height * width)
        {
            throw new ArgumentException($"A map of {height} x {width} needs {height * width} values, got {values.Length}.", nameof(values));
        }

        (Height, Width, _values) = (height, width, new(values));
    }

    private AnomalyMap(int height, int width, PooledShare<float> values) => (Height, Width, _values) = (height, width, values);

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All values, [height, width].</summary>
    /// <exception cref="ObjectDisposedException">They went back to their pool.</exception>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>Row <paramref name="y"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int y) => Values.Slice(y * Width, Width);

    /// <summary>Gives the memory back where it is a pool's; more than once does no harm.</summary>
    public void Dispose() => _values.Dispose();

    /// <summary>S = A·s·Aᵀ: bilinear upsampling and Gaussian blur in one.</summary>
    /// <param name="scores">s, [gridHeight, gridWidth].</param>
    /// <param name="side">H = W of the map, 392 or 224; at least 17, the blur's radius plus one.</param>
    /// <returns>The map, which the caller disposes of.</returns>
    public static AnomalyMap From(PatchScores scores, int side)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var rows = new MapRows(scores, side);
        var values = PooledShare<float>.Rent(side * side);
        var map = values.Span;
        for (var y = 0; y < side; y++)
        {
            rows.Compute(y, map.Slice(y * side, side));
        }

        return new AnomalyMap(side, side, values);
    }
}
