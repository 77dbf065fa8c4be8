using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary><see cref="Tile"/> in 128 bits: a tile in four parts of 4 queries and 16 rows, what fits the 32 registers of NEON.</summary>
internal static unsafe class Tile128
{
    public static void Compute(float* queries, float* panel, int width, float* sums)
    {
        for (var query = 0; query < Tile.Queries; query += 4)
        {
            for (var lane = 0; lane < PackedRows.Lanes; lane += 16)
            {
                Part(queries + (query * width), panel + lane, width, sums + (query * PackedRows.Lanes) + lane);
            }
        }
    }

    private static void Part(float* queries, float* panel, int width, float* sums)
    {
        Vector128<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var (r0, r1, r2, r3) = (Vector128.Load(panel), Vector128.Load(panel + 4), Vector128.Load(panel + 8), Vector128.Load(panel + 12));
            var q = queries + d;
            var v = Vector128.Create(*q);
            a0 = Vector128.MultiplyAddEstimate(v, r0, a0);
            a1 = Vector128.MultiplyAddEstimate(v, r1, a1);
            a2 = Vector128.MultiplyAddEstimate(v, r2, a2);
            a3 = Vector128.MultiplyAddEstimate(v, r3, a3);
            v = Vector128.Create(*(q += width));
            b0 = Vector128.MultiplyAddEstimate(v, r0, b0);
            b1 = Vector128.MultiplyAddEstimate(v, r1, b1);
            b2 = Vector128.MultiplyAddEstimate(v, r2, b2);
            b3 = Vector128.MultiplyAddEstimate(v, r3, b3);
            v = Vector128.Create(*(q += width));
            c0 = Vector128.MultiplyAddEstimate(v, r0, c0);
            c1 = Vector128.MultiplyAddEstimate(v, r1, c1);
            c2 = Vector128.MultiplyAddEstimate(v, r2, c2);
            c3 = Vector128.MultiplyAddEstimate(v, r3, c3);
            v = Vector128.Create(*(q + width));
            d0 = Vector128.MultiplyAddEstimate(v, r0, d0);
            d1 = Vector128.MultiplyAddEstimate(v, r1, d1);
            d2 = Vector128.MultiplyAddEstimate(v, r2, d2);
            d3 = Vector128.MultiplyAddEstimate(v, r3, d3);
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
