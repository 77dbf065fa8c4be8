namespace StructCore.Vision.Scoring;

/// <summary>The pixel-level anomaly map S of SPEC 7: [height, width] on the backbone's input, squared distances, not normalised.</summary>
/// <remarks>Immutable by contract and owner of its memory; safe to read from any thread.</remarks>
public sealed class AnomalyMap
{
    private readonly float[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>, [height, width].</summary>
    public AnomalyMap(int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != height * width)
        {
            throw new ArgumentException($"A map of {height} x {width} needs {height * width} values, got {values.Length}.", nameof(values));
        }

        (Height, Width, _values) = (height, width, values);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All values, [height, width].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Row <paramref name="y"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int y) => _values.AsSpan(y * Width, Width);

    /// <summary>S = A·s·Aᵀ: bilinear upsampling and Gaussian blur in one.</summary>
    /// <param name="scores">s, [gridHeight, gridWidth].</param>
    /// <param name="side">H = W of the map, 392 or 224; at least 17, the blur's radius plus one.</param>
    public static AnomalyMap From(PatchScores scores, int side)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var rows = new MapRows(scores, side);
        var values = new float[side * side];
        for (var y = 0; y < side; y++)
        {
            rows.Compute(y, values.AsSpan(y * side, side));
        }

        return new AnomalyMap(side, side, values);
    }
}
