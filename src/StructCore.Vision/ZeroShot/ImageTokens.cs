using System.Numerics.Tensors;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.ZeroShot;

/// <summary>The aggregated tokens of one image as <see cref="Tile"/> takes its queries: [patches, width], rows of zeros up to a whole tile, and each row's squared norm, infinite where there is none.</summary>
internal sealed unsafe class ImageTokens
{
    private readonly AlignedArray<float> _rows;
    private readonly AlignedArray<float> _squaredNorms;

    public ImageTokens(int patches, int width)
    {
        (Patches, Width) = (patches, width);
        Tiles = (patches + Tile.Queries - 1) / Tile.Queries;
        _rows = new AlignedArray<float>(checked(Tiles * Tile.Queries * width));
        _rows.Span.Clear();
        _squaredNorms = new AlignedArray<float>(Tiles * Tile.Queries);
        _squaredNorms.Span.Fill(float.PositiveInfinity);
    }

    public int Patches { get; }

    public int Width { get; }

    /// <summary>Tiles of <see cref="Tile.Queries"/> rows.</summary>
    public int Tiles { get; }

    /// <summary>[patches, width]; <see cref="Measure"/> follows when it is written.</summary>
    public Span<float> Values => _rows.Span[..(Patches * Width)];

    public ReadOnlySpan<float> Row(int patch) => _rows.Span.Slice(patch * Width, Width);

    /// <summary>[patches]</summary>
    public ReadOnlySpan<float> SquaredNorms => _squaredNorms.Span[..Patches];

    /// <summary>First row of a tile; valid as long as this object is reachable.</summary>
    public float* TileRows(int tile) => _rows.Pointer + ((long)tile * Tile.Queries * Width);

    /// <summary>Squared norms of a tile's rows.</summary>
    public float* TileNorms(int tile) => _squaredNorms.Pointer + (tile * Tile.Queries);

    public void Measure()
    {
        for (var patch = 0; patch < Patches; patch++)
        {
            _squaredNorms.Span[patch] = TensorPrimitives.SumOfSquares(Row(patch));
        }
    }
}
