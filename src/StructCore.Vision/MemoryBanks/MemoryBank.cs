namespace StructCore.Vision.MemoryBanks;

/// <summary>The patch features that stand for a product's normal appearance: N rows x width, row-major, each with the index of the image it came from.</summary>
/// <remarks>Immutable snapshot and owner of its memory; safe to read from any thread.</remarks>
public sealed class MemoryBank
{
    private readonly float[] _values;
    private readonly int[] _images;

    /// <summary>Takes ownership of <paramref name="values"/>, [rows, width], and <paramref name="images"/>, [rows].</summary>
    /// <exception cref="ArgumentException">No row, or the two arrays do not have the same number of rows.</exception>
    public MemoryBank(int width, float[] values, int[] images)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Length == 0 || values.LongLength != (long)images.Length * width)
        {
            throw new ArgumentException($"A memory bank of {images.Length} rows, {width} wide, needs at least one row and {(long)images.Length * width} values, got {values.LongLength}.", nameof(values));
        }

        (Width, _values, _images) = (width, values, images);
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
    internal MemoryBank Keep(Predicate<int> keeps, ReadOnlySpan<float> values = default, ReadOnlySpan<int> images = default)
    {
        var kept = new List<int>(Rows);
        for (var row = 0; row < Rows; row++)
        {
            if (keeps(_images[row]))
            {
                kept.Add(row);
            }
        }

        var (all, sources) = (new float[(kept.Count + images.Length) * Width], new int[kept.Count + images.Length]);
        foreach (var (place, row) in kept.Index())
        {
            Row(row).CopyTo(all.AsSpan(place * Width));
            sources[place] = _images[row];
        }

        values.CopyTo(all.AsSpan(kept.Count * Width));
        images.CopyTo(sources.AsSpan(kept.Count));
        return new MemoryBank(Width, all, sources);
    }

    /// <summary>Row <paramref name="row"/>, [width].</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * Width, Width);
}
