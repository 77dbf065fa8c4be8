namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Rows rearranged for <see cref="Tile"/>: panels of 32 rows, each panel [width, 32], so that one vector load holds one
/// dimension of 16 rows. Lanes that hold no row are zero.
/// </summary>
internal sealed unsafe class PackedRows
{
    /// <summary>Rows per panel.</summary>
    public const int Lanes = 32;

    private readonly AlignedArray<float> _values;

    /// <summary>Room for <paramref name="capacity"/> rows, none set.</summary>
    public PackedRows(int capacity, int width)
    {
        Width = width;
        Panels = PanelsOf(capacity);
        _values = new AlignedArray<float>(checked(Panels * Lanes * width));
        _values.Span.Clear();
    }

    /// <summary>Holds <paramref name="rows"/>, [count, width].</summary>
    public PackedRows(ReadOnlySpan<float> rows, int width)
        : this(rows.Length / width, width)
    {
        for (var row = 0; row * width < rows.Length; row++)
        {
            Set(row, rows.Slice(row * width, width));
        }
    }

    public int Width { get; }

    public int Panels { get; }

    /// <summary>Panels that <paramref name="rows"/> rows fill.</summary>
    public static int PanelsOf(int rows) => (rows + Lanes - 1) / Lanes;

    public void Set(int row, ReadOnlySpan<float> values)
    {
        var lane = Panel(row / Lanes) + (row % Lanes);
        for (var d = 0; d < Width; d++)
        {
            lane[d * Lanes] = values[d];
        }
    }

    /// <summary>Panel <paramref name="index"/>, [width, 32]; valid as long as this object is reachable.</summary>
    public float* Panel(int index) => _values.Pointer + ((long)index * Lanes * Width);
}
