using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>The patch features of one image: rows x width, row-major float32; row r is patch (r / gridWidth, r mod gridWidth).</summary>
/// <remarks>
/// Immutable by contract; safe to read from any thread. Memory that comes from a pool goes back once every holder has disposed of its own
/// <see cref="Share"/>; an array of the caller's own is the garbage collector's.
/// </remarks>
public sealed class PatchFeatures : IDisposable
{
    private readonly PooledShare<float> _values;

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

        (GridHeight, GridWidth, Width, _values) = (gridHeight, gridWidth, width, new(values));
    }

    private PatchFeatures(int gridHeight, int gridWidth, int width, PooledShare<float> values) => (GridHeight, GridWidth, Width, _values) = (gridHeight, gridWidth, width, values);

    /// <summary>Rows of the patch grid, 28 for all backbones of SPEC 2.</summary>
    public int GridHeight { get; }

    /// <summary>Columns of the patch grid.</summary>
    public int GridWidth { get; }

    /// <summary>Patches, P = gridHeight·gridWidth.</summary>
    public int Rows => GridHeight * GridWidth;

    /// <summary>Values per patch, D.</summary>
    public int Width { get; }

    /// <summary>All features, [rows, width].</summary>
    /// <exception cref="ObjectDisposedException">They went back to their pool.</exception>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>Features of several images over one piece of memory from a pool. Whoever rents them writes all values before anybody else sees them, and each is disposed of.</summary>
    /// <param name="count">Images, 1 or more.</param>
    /// <param name="gridHeight">Rows of the patch grid.</param>
    /// <param name="gridWidth">Columns of the patch grid.</param>
    /// <param name="width">Values per patch.</param>
    /// <param name="values">Receives the room for all of them, [count, gridHeight·gridWidth, width], not cleared.</param>
    /// <exception cref="OverflowException">More than 2^31 values.</exception>
    public static PatchFeatures[] Rent(int count, int gridHeight, int gridWidth, int width, out Memory<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var each = checked(gridHeight * gridWidth * width);
        using var all = PooledShare<float>.Rent(checked(count * each));
        values = all.Memory;
        var features = new PatchFeatures[count];
        for (var i = 0; i < count; i++)
        {
            features[i] = new(gridHeight, gridWidth, width, all.Share(i * each, each));
        }

        return features;
    }

    /// <summary>The same features for one more holder, who disposes of them on its own.</summary>
    /// <exception cref="ObjectDisposedException">They went back to their pool.</exception>
    public PatchFeatures Share() => new(GridHeight, GridWidth, Width, _values.Share());

    /// <summary>This holder reads no more; more than once does no harm. Does nothing where the memory is not a pool's.</summary>
    public void Dispose() => _values.Dispose();

    /// <summary>Features of patch <paramref name="row"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Width, Width);
}
