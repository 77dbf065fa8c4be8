using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The inner kernel of the quantised search: 4 queries against 24 rows, 12 accumulators and what feeds them in the 16 registers there are.</summary>
internal static unsafe class QuantisedTile
{
    /// <summary>Query rows per tile.</summary>
    public const int Queries = 4;

    /// <summary>Bank rows per panel.</summary>
    public const int Lanes = 24;

    /// <summary>Results of a tile, [Queries, Lanes].</summary>
    public const int Size = Queries * Lanes;

    /// <summary>Products of unsigned queries, <paramref name="stride"/> bytes apart, with a panel [groups, 24, 4] of signed rows into <paramref name="products"/> [4, 24].</summary>
    public static void Compute(byte* queries, int stride, sbyte* panel, int groups, int* products)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<int> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        var a = (int*)queries;
        var b = (int*)(queries + stride);
        var c = (int*)(queries + (2 * stride));
        var d = (int*)(queries + (3 * stride));
        for (var group = 0; group < groups; group++, panel += 4 * Lanes)
        {
            var (r0, r1, r2) = (Vector256.Load(panel), Vector256.Load(panel + 32), Vector256.Load(panel + 64));
            var q = Vector256.Create(a[group]).AsByte();
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, q, r0);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, q, r1);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, q, r2);
            q = Vector256.Create(b[group]).AsByte();
            b0 = AvxVnni.MultiplyWideningAndAdd(b0, q, r0);
            b1 = AvxVnni.MultiplyWideningAndAdd(b1, q, r1);
            b2 = AvxVnni.MultiplyWideningAndAdd(b2, q, r2);
            q = Vector256.Create(c[group]).AsByte();
            c0 = AvxVnni.MultiplyWideningAndAdd(c0, q, r0);
            c1 = AvxVnni.MultiplyWideningAndAdd(c1, q, r1);
            c2 = AvxVnni.MultiplyWideningAndAdd(c2, q, r2);
            q = Vector256.Create(d[group]).AsByte();
            d0 = AvxVnni.MultiplyWideningAndAdd(d0, q, r0);
            d1 = AvxVnni.MultiplyWideningAndAdd(d1, q, r1);
            d2 = AvxVnni.MultiplyWideningAndAdd(d2, q, r2);
        }

        a0.Store(products);
        a1.Store(products + 8);
        a2.Store(products + 16);
        b0.Store(products + 24);
        b1.Store(products + 32);
        b2.Store(products + 40);
        c0.Store(products + 48);
        c1.Store(products + 56);
        c2.Store(products + 64);
        d0.Store(products + 72);
        d1.Store(products + 80);
        d2.Store(products + 88);
    }
}
