using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The one inner kernel in float32, of search, routing and projection: products of a few query rows with one panel of packed rows, accumulators in registers.</summary>
internal static unsafe class Tile
{
    /// <summary>Query rows per tile.</summary>
    public const int Queries = 8;

    /// <summary>Results of a tile, [Queries, PackedRows.Lanes].</summary>
    public const int Size = Queries * PackedRows.Lanes;

    /// <summary>Products of 8 queries [8, width] with the 32 rows of <paramref name="panel"/> [width, 32] into <paramref name="sums"/> [8, 32]; fused where the processor can.</summary>
    public static void Compute(float* queries, float* panel, int width, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Tile512.Compute(queries, panel, width, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Tile256.Compute(queries, panel, width, sums);
        }
        else
        {
            Tile128.Compute(queries, panel, width, sums);
        }
    }
}
