using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The kernels of <see cref="Tile"/> in 256 bits: a tile in four parts of 4 queries and 16 rows, what fits the 16 registers of AVX2.</summary>
internal static unsafe class Tile256
{
    public static void Compute<TStep>(float* queries, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        for (var query = 0; query < Tile.Queries; query += 4)
        {
            for (var lane = 0; lane < PackedRows.Lanes; lane += 16)
            {
                Part<TStep>(queries + (query * width), panel + lane, width, sums + (query * PackedRows.Lanes) + lane);
            }
        }
    }

    public static void ComputeOne<TStep>(float* query, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var v = Vector256.Create(query[d]);
            s0 = TStep.Add(v, Vector256.Load(panel), s0);
            s1 = TStep.Add(v, Vector256.Load(panel + 8), s1);
            s2 = TStep.Add(v, Vector256.Load(panel + 16), s2);
            s3 = TStep.Add(v, Vector256.Load(panel + 24), s3);
        }

        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 16);
        s3.Store(sums + 24);
    }

    private static void Part<TStep>(float* queries, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var (r0, r1) = (Vector256.Load(panel), Vector256.Load(panel + 8));
            var q = queries + d;
            var v = Vector256.Create(*q);
            a0 = TStep.Add(v, r0, a0);
            a1 = TStep.Add(v, r1, a1);
            v = Vector256.Create(*(q += width));
            b0 = TStep.Add(v, r0, b0);
            b1 = TStep.Add(v, r1, b1);
            v = Vector256.Create(*(q += width));
            c0 = TStep.Add(v, r0, c0);
            c1 = TStep.Add(v, r1, c1);
            v = Vector256.Create(*(q + width));
            d0 = TStep.Add(v, r0, d0);
            d1 = TStep.Add(v, r1, d1);
        }

        a0.Store(sums);
        a1.Store(sums + 8);
        b0.Store(sums + 32);
        b1.Store(sums + 40);
        c0.Store(sums + 64);
        c1.Store(sums + 72);
        d0.Store(sums + 96);
        d1.Store(sums + 104);
    }
}
