using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary><see cref="Tile"/> in 512 bits: all of a tile's 16 accumulators in registers.</summary>
internal static unsafe class Tile512
{
    public static void Compute(float* queries, float* panel, int width, float* sums)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        Vector512<float> e0 = default, e1 = default, f0 = default, f1 = default, g0 = default, g1 = default, h0 = default, h1 = default;
        for (var d = 0; d < width; d++, panel += PackedRows.Lanes)
        {
            var (r0, r1) = (Vector512.Load(panel), Vector512.Load(panel + 16));
            var q = queries + d;
            var v = Vector512.Create(*q);
            a0 = Vector512.MultiplyAddEstimate(v, r0, a0);
            a1 = Vector512.MultiplyAddEstimate(v, r1, a1);
            v = Vector512.Create(*(q += width));
            b0 = Vector512.MultiplyAddEstimate(v, r0, b0);
            b1 = Vector512.MultiplyAddEstimate(v, r1, b1);
            v = Vector512.Create(*(q += width));
            c0 = Vector512.MultiplyAddEstimate(v, r0, c0);
            c1 = Vector512.MultiplyAddEstimate(v, r1, c1);
            v = Vector512.Create(*(q += width));
            d0 = Vector512.MultiplyAddEstimate(v, r0, d0);
            d1 = Vector512.MultiplyAddEstimate(v, r1, d1);
            v = Vector512.Create(*(q += width));
            e0 = Vector512.MultiplyAddEstimate(v, r0, e0);
            e1 = Vector512.MultiplyAddEstimate(v, r1, e1);
            v = Vector512.Create(*(q += width));
            f0 = Vector512.MultiplyAddEstimate(v, r0, f0);
            f1 = Vector512.MultiplyAddEstimate(v, r1, f1);
            v = Vector512.Create(*(q += width));
            g0 = Vector512.MultiplyAddEstimate(v, r0, g0);
            g1 = Vector512.MultiplyAddEstimate(v, r1, g1);
            v = Vector512.Create(*(q + width));
            h0 = Vector512.MultiplyAddEstimate(v, r0, h0);
            h1 = Vector512.MultiplyAddEstimate(v, r1, h1);
        }

        a0.Store(sums);
        a1.Store(sums + 16);
        b0.Store(sums + 32);
        b1.Store(sums + 48);
        c0.Store(sums + 64);
        c1.Store(sums + 80);
        d0.Store(sums + 96);
        d1.Store(sums + 112);
        e0.Store(sums + 128);
        e1.Store(sums + 144);
        f0.Store(sums + 160);
        f1.Store(sums + 176);
        g0.Store(sums + 192);
        g1.Store(sums + 208);
        h0.Store(sums + 224);
        h1.Store(sums + 240);
    }
}
