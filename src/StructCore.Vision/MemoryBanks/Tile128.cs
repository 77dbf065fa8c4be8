using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The kernels of <see cref="Tile"/> in 128 bits: a tile in four parts of 4 queries and 16 rows, what fits the 32 registers of NEON.</summary>
internal static unsafe class Tile128
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
        for (var lane = 0; lane < PackedRows.Lanes; lane += 16)
        {
            Vector128<float> s0 = default, s1 = default, s2 = default, s3 = default;
            var rows = panel + lane;
            for (var d = 0; d < width; d++, rows += PackedRows.Lanes)
            {
                var v = Vector128.Create(query[d]);
                s0 = TStep.Add(v, Vector128.Load(rows), s0);
                s1 = TStep.Add(v, Vector128.Load(rows + 4), s1);
                s2 = TStep.Add(v, Vector128.Load(rows + 8), s2);
                s3 = TStep.Add(v, Vector128.Load(rows + 12), s3);
            }

            s0.Store(sums + lane);
            s1.Store(sums + lane + 4);
            s2.Store(sums + lane + 8);
            s3.Store(sums + lane + 12);
        }
    }

    private static void Part<TStep>(float* queries, float* panel, int width, float* sums)
        where TStep : struct, ITileStep
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var (r0, r1, r2, r3) = (Vector128.Load(panel), Vector128.Load(panel + 4), Vector128.Load(panel + 8), Vector128.Load(panel + 12));
            var q = queries + d;
            var v = Vector128.Create(*q);
            a0 = TStep.Add(v, r0, a0);
            a1 = TStep.Add(v, r1, a1);
            a2 = TStep.Add(v, r2, a2);
            a3 = TStep.Add(v, r3, a3);
            v = Vector128.Create(*(q += width));
            b0 = TStep.Add(v, r0, b0);
            b1 = TStep.Add(v, r1, b1);
            b2 = TStep.Add(v, r2, b2);
            b3 = TStep.Add(v, r3, b3);
            v = Vector128.Create(*(q += width));
            c0 = TStep.Add(v, r0, c0);
            c1 = TStep.Add(v, r1, c1);
            c2 = TStep.Add(v, r2, c2);
            c3 = TStep.Add(v, r3, c3);
            v = Vector128.Create(*(q + width));
            d0 = TStep.Add(v, r0, d0);
            d1 = TStep.Add(v, r1, d1);
            d2 = TStep.Add(v, r2, d2);
            d3 = TStep.Add(v, r3, d3);
        }

        Store(sums, a0, a1, a2, a3);
        Store(sums + PackedRows.Lanes, b0, b1, b2, b3);
        Store(sums + (2 * PackedRows.Lanes), c0, c1, c2, c3);
        Store(sums + (3 * PackedRows.Lanes), d0, d1, d2, d3);
    }

    private static void Store(float* sums, Vector128<float> s0, Vector128<float> s1, Vector128<float> s2, Vector128<float> s3)
    {
        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
    }
}
