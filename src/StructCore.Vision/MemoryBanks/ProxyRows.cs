using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// The proxies the coreset is chosen on: features · W', W' Achlioptas [D, 128] with seed 43 (SPEC 4). Filled image by
/// image, so that the features themselves need not stay in memory.
/// </summary>
/// <remarks>Different rows may be set on several threads at a time; read by any once all are set. 512 bytes a row.</remarks>
public sealed unsafe class ProxyRows
{
    private readonly AlignedArray<float> _values;
    private readonly PackedRows _projection;

    /// <summary><paramref name="count"/> rows of features <paramref name="width"/> wide, none set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More rows than one array holds, 16.7 million.</exception>
    public ProxyRows(int count, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Array.MaxLength / Coreset.ProxyWidth) - 1);
        Count = count;
        _values = new AlignedArray<float>(count * Coreset.ProxyWidth);

        // The kernel wants the columns of W' as its rows.
        var weights = new RandomProjection(width, Coreset.ProxyWidth, Coreset.ProxySeed).Weights;
        _projection = new PackedRows(Coreset.ProxyWidth, width);
        var column = new float[width];
        for (var c = 0; c < Coreset.ProxyWidth; c++)
        {
            for (var d = 0; d < width; d++)
            {
                column[d] = weights[(d * Coreset.ProxyWidth) + c];
            }

            _projection.Set(c, column);
        }
    }

    /// <summary>Values per feature row, D.</summary>
    public int Width => _projection.Width;

    /// <summary>Rows, T.</summary>
    public int Count { get; }

    /// <summary>Row <paramref name="row"/>, [128].</summary>
    public ReadOnlySpan<float> this[int row] => _values.Span.Slice(row * Coreset.ProxyWidth, Coreset.ProxyWidth);

    /// <summary>Proxies made elsewhere, [T, 128], copied.</summary>
    internal static ProxyRows Of(ReadOnlySpan<float> proxies)
    {
        var rows = new ProxyRows(proxies.Length / Coreset.ProxyWidth, Coreset.ProxyWidth);
        proxies.CopyTo(rows._values.Span);
        return rows;
    }

    /// <summary>Projects <paramref name="features"/>, [rows, width], into the rows from <paramref name="firstRow"/> on.</summary>
    public void Set(int firstRow, ReadOnlySpan<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        var width = _projection.Width;
        var sums = stackalloc float[Tile.Size];
        var tail = new float[Tile.Queries * width];
        var rows = features.Length / width;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow, Count - rows);
        fixed (float* all = features, last = tail)
        {
            for (var row = 0; row < rows; row += Tile.Queries)
            {
                var queries = all + ((long)row * width);
                var count = Math.Min(Tile.Queries, rows - row);
                if (count < Tile.Queries)
                {
                    features[(row * width)..].CopyTo(tail);
                    queries = last;
                }

                for (var panel = 0; panel < _projection.Panels; panel++)
                {
                    Tile.Compute(queries, _projection.Panel(panel), width, sums);
                    for (var q = 0; q < count; q++)
                    {
                        new ReadOnlySpan<float>(sums + (q * PackedRows.Lanes), PackedRows.Lanes)
                            .CopyTo(_values.Span[(((firstRow + row + q) * Coreset.ProxyWidth) + (panel * PackedRows.Lanes))..]);
                    }
                }
            }
        }
    }
}
