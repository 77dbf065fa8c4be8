using System.Numerics.Tensors;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Prototypes as <see cref="Tile"/> reads them, each with |p|², which is infinite in lanes without one: those never win a minimum.</summary>
internal sealed unsafe class PackedPrototypes
{
    private readonly PackedRows _rows;
    private readonly float[] _squaredNorms;

    /// <summary>Packs <paramref name="prototypes"/>, [count, width].</summary>
    public PackedPrototypes(ReadOnlySpan<float> prototypes, int width)
    {
        _rows = new PackedRows(prototypes, width);
        _squaredNorms = new float[_rows.Panels * PackedRows.Lanes];
        Array.Fill(_squaredNorms, float.PositiveInfinity);
        for (var row = 0; row * width < prototypes.Length; row++)
        {
            _squaredNorms[row] = TensorPrimitives.SumOfSquares(prototypes.Slice(row * width, width));
        }
    }

    public int Width => _rows.Width;

    public int Panels => _rows.Panels;

    /// <summary>Panel <paramref name="index"/>, [width, 32]; valid as long as this object is reachable.</summary>
    public float* Panel(int index) => _rows.Panel(index);

    /// <summary>|p|² of the panel's prototypes, [32].</summary>
    public ReadOnlySpan<float> SquaredNorms(int panel) => _squaredNorms.AsSpan(panel * PackedRows.Lanes, PackedRows.Lanes);
}
