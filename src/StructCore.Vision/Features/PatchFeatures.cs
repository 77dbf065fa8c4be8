namespace StructCore.Vision.Features;

/// <summary>The patch features of one image: rows x width, row-major float32; row r is patch (r / gridWidth, r mod gridWidth).</summary>
/// <remarks>Immutable by contract and owner of its memory; safe to read from any thread.</remarks>
public sealed class PatchFeatures
{
    private readonly float[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>, [gridHeight·gridWidth, width].</summary>
    /// <exception cref="ArgumentException">The array does not hold gridHeight·gridWidth·width values.</exception>
    public PatchFeatures(int gridHeight, int gridWidth, int width, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gridHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gridWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != gridHeight * gridWidth * width)
        {
            throw new ArgumentException($"Patch features of a {gridHeight} x {gridWidth} grid, {width} wide, need {gridHeight * gridWidth * width} values, got {values.Length}.", nameof(values));
        }

        (GridHeight, GridWidth, Width, _values) = (gridHeight, gridWidth, width, values);
    }

    /// <summary>Rows of the patch grid, 28 for all backbones of SPEC 2.</summary>
    public int GridHeight { get; }

    /// <summary>Columns of the patch grid.</summary>
    public int GridWidth { get; }

    /// <summary>Patches, P = gridHeight·gridWidth.</summary>
    public int Rows => GridHeight * GridWidth;

    /// <summary>Values per patch, D.</summary>
    public int Width { get; }

    /// <summary>All features, [rows, width].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Features of patch <paramref name="row"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Width, Width);
}
