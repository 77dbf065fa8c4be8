namespace StructCore.Vision.MemoryBanks;

/// <summary>The patch features that stand for a product's normal appearance: N rows x width, row-major, each with the index of the image it came from.</summary>
/// <remarks>Immutable snapshot and owner of its memory; safe to read from any thread.</remarks>
public sealed class MemoryBank
{
    private readonly float[] _values;
    private readonly int[] _images;
    private readonly float[] _floors;

    /// <summary>Takes ownership of <paramref name="values"/>, [rows, width], <paramref name="images"/>, [rows], and <paramref name="floors"/>, [rows].</summary>
    /// <param name="width">D.</param>
    /// <param name="values">The rows.</param>
    /// <param name="images">Index of the image each row came from.</param>
    /// <param name="floors">What <see cref="Floor"/> says of each row; null where that is 0 for all.</param>
    /// <exception cref="ArgumentException">No row, or the arrays do not have the same number of rows.</exception>
    public MemoryBank(int width, float[] values, int[] images, float[]? floors = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Length == 0 || values.LongLength != (long)images.Length * width)
        {
            throw new ArgumentException($"A memory bank of {images.Length} rows, {width} wide, needs at least one row and {(long)images.Length * width} values, got {values.LongLength}.", nameof(values));
        }

        floors ??= new float[images.Length];
        if (floors.Length != images.Length)
        {
            throw new ArgumentException($"A memory bank of {images.Length} rows needs as many floors, got {floors.Length}.", nameof(floors));
        }

        (Width, _values, _images, _floors) = (width, values, images, floors);
    }

    /// <summary>Rows N.</summary>
    public int Rows => _images.Length;

    /// <summary>Values per row, D.</summary>
    public int Width { get; }

    /// <summary>All rows, [rows, width].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Index of the training image each row came from, [rows].</summary>
    public ReadOnlySpan<int> Images => _images;

    /// <summary>A copy of the rows of some images, with others behind them.</summary>
    /// <param name="keeps">Whether the rows of an image stay.</param>
    /// <param name="values">Rows to add, [added, width].</param>
    /// <param name="images">Where they came from, [added].</param>
    /// <param name="floor">Of every row added.</param>
    internal MemoryBank Keep(Predicate<int> keeps, ReadOnlySpan<float> values = default, ReadOnlySpan<int> images = default, float floor = 0)
    {
        var kept = new List<int>(Rows);
        for (var row = 0; row < Rows; row++)
        {
            if (keeps(_images[row]))
            {
                kept.Add(row);
            }
        }

        var rows = kept.Count + images.Length;
        var (all, sources, floors) = (new float[rows * Width], new int[rows], new float[rows]);
        foreach (var (place, row) in kept.Index())
        {
            Row(row).CopyTo(all.AsSpan(place * Width));
            (sources[place], floors[place]) = (_images[row], Floor(row));
        }

        values.CopyTo(all.AsSpan(kept.Count * Width));
        images.CopyTo(sources.AsSpan(kept.Count));
        floors.AsSpan(kept.Count).Fill(floor);
        return new MemoryBank(Width, all, sources, floors);
    }

    /// <summary>Row <paramref name="row"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Width, Width);

    /// <summary>How much farther than it lies row <paramref name="row"/> counts, a squared distance, 0 or more: no patch comes nearer to the bank by it.</summary>
    public float Floor(int row) => _floors[row];

    /// <summary>What a patch is compared by: |z - m|² + floor.</summary>
    /// <param name="patch">z, [width].</param>
    /// <param name="row">Of m.</param>
    internal float Distance(ReadOnlySpan<float> patch, int row) => SquaredDistance.Of(patch, Row(row)) + Floor(row);
}
