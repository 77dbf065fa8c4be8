namespace StructCore.Vision.Scoring;

/// <summary>The pixel-level anomaly map S of SPEC 7: [height, width] on the backbone's input, squared distances, not normalised.</summary>
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
}
