using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary><see cref="Tile"/> in 256 bits: a tile in four parts of 4 queries and 16 rows, what fits the 16 registers of AVX2.</summary>
internal static unsafe class Tile256
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
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var (r0, r1) = (Vector256.Load(panel), Vector256.Load(panel + 8));
            var q = queries + d;
            var v = Vector256.Create(*q);
            a0 = Vector256.MultiplyAddEstimate(v, r0, a0);
            a1 = Vector256.MultiplyAddEstimate(v, r1, a1);
            v = Vector256.Create(*(q += width));
            b0 = Vector256.MultiplyAddEstimate(v, r0, b0);
            b1 = Vector256.MultiplyAddEstimate(v, r1, b1);
            v = Vector256.Create(*(q += width));
            c0 = Vector256.MultiplyAddEstimate(v, r0, c0);
            c1 = Vector256.MultiplyAddEstimate(v, r1, c1);
            v = Vector256.Create(*(q + width));
            d0 = Vector256.MultiplyAddEstimate(v, r0, d0);
            d1 = Vector256.MultiplyAddEstimate(v, r1, d1);
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
