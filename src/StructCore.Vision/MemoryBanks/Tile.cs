using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The one inner kernel of search, coreset, routing and projection: a few query rows against one panel of packed rows, accumulators in registers.</summary>
internal static unsafe class Tile
{
    /// <summary>Query rows per tile.</summary>
    public const int Queries = 8;

    /// <summary>Results of a tile, [Queries, PackedRows.Lanes].</summary>
    public const int Size = Queries * PackedRows.Lanes;

    /// <summary>All pairs of 8 queries [8, width] and the 32 rows of <paramref name="panel"/> [width, 32] into <paramref name="sums"/> [8, 32].</summary>
    public static void Compute<TStep>(float* queries, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Tile512.Compute<TStep>(queries, panel, width, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Tile256.Compute<TStep>(queries, panel, width, sums);
        }
        else
        {
            Tile128.Compute<TStep>(queries, panel, width, sums);
        }
    }

    /// <summary>One query [width] against the 32 rows of <paramref name="panel"/> into <paramref name="sums"/> [32].</summary>
    public static void ComputeOne<TStep>(float* query, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Tile512.ComputeOne<TStep>(query, panel, width, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Tile256.ComputeOne<TStep>(query, panel, width, sums);
        }
        else
        {
            Tile128.ComputeOne<TStep>(query, panel, width, sums);
        }
    }
}
