namespace StructCore.Vision.Scoring;

/// <summary>One score per patch, s in SPEC 6: [gridHeight, gridWidth], mean squared L2 distance to the nearest bank rows, 0 or more.</summary>
public sealed class PatchScores
{
    private readonly float[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>, [gridHeight, gridWidth].</summary>
    public PatchScores(int gridHeight, int gridWidth, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != gridHeight * gridWidth)
        {
            throw new ArgumentException($"Patch scores of a {gridHeight} x {gridWidth} grid need {gridHeight * gridWidth} values, got {values.Length}.", nameof(values));
        }

        (GridHeight, GridWidth, _values) = (gridHeight, gridWidth, values);
    }

    /// <summary>Rows of the patch grid.</summary>
    public int GridHeight { get; }

    /// <summary>Columns of the patch grid.</summary>
    public int GridWidth { get; }

    /// <summary>All scores, [gridHeight, gridWidth].</summary>
    public ReadOnlySpan<float> Values => _values;
}
