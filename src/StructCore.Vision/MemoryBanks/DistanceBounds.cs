using System.Runtime.Intrinsics.X86;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Lower bounds of the squared distances between queries and the rows of a bank, cheap enough to look at every row. What a
/// bound does not rule out is measured exactly, so that the bound decides the time of a search and never its result.
/// </summary>
internal abstract unsafe class DistanceBounds(int width, int panels)
{
    private const int CacheLine = 64;

    // 2^-23: what one float32 operation rounds away, twice over.
    private const float Ulp = 1.1920929e-7f;

    /// <summary>Rows per panel, a multiple of 8.</summary>
    public abstract int Lanes { get; }

    /// <summary>Queries per tile.</summary>
    public abstract int Queries { get; }

    /// <summary>Bytes of one prepared query.</summary>
    public abstract int QueryBytes { get; }

    /// <summary>Panels of the bank.</summary>
    public int Panels => panels;

    /// <summary>Share of the squared norms that is certain: the longest chain of roundings is that of a sum over all dimensions.</summary>
    protected float Certain => 1 - ((width + 64) * Ulp);

    /// <summary>Values per row.</summary>
    protected int Width => width;

    /// <summary>The kind that is fastest on this processor for these rows, [count, width].</summary>
    public static DistanceBounds Of(ReadOnlySpan<float> rows, int width) =>
        QuantisedBounds.IsSupported(rows) ? new QuantisedBounds(rows, width) : new FloatBounds(rows, width);

    /// <summary>The kind that is fastest on this processor, with room for <paramref name="capacity"/> rows, none <see cref="Set"/>. Tightest for rows about <paramref name="mean"/>, [width]; all finite.</summary>
    public static DistanceBounds Around(ReadOnlySpan<float> mean, int capacity) =>
        QuantisedBounds.IsSupported(mean) ? new QuantisedBounds(capacity, mean) : new FloatBounds(capacity, mean.Length);

    /// <summary>Makes <paramref name="values"/>, [width], row <paramref name="row"/>; a row that was not set is infinitely far.</summary>
    public abstract void Set(int row, ReadOnlySpan<float> values);

    /// <summary>Brings a query, [width], into the form the tile reads, [QueryBytes].</summary>
    public abstract QueryTerms Prepare(ReadOnlySpan<float> query, byte* prepared);

    /// <summary>Bounds of <see cref="Queries"/> prepared queries against the rows of a panel into <paramref name="bounds"/>, [Queries, Lanes]; lanes without a row are infinite.</summary>
    /// <param name="prepared">The queries, [Queries, QueryBytes].</param>
    /// <param name="terms">Their terms, [Queries].</param>
    /// <param name="limits">What a bound must lie below to matter, [Queries].</param>
    /// <param name="panel">Which panel.</param>
    /// <param name="bounds">Receives the bounds.</param>
    /// <returns>Whether any bound lies below its limit.</returns>
    public abstract bool Compute(byte* prepared, ReadOnlySpan<QueryTerms> terms, ReadOnlySpan<float> limits, int panel, float* bounds);

    /// <summary>Asks for one of <paramref name="parts"/> equal parts of a panel that is needed soon; past the last panel there is nothing to ask for.</summary>
    public void Prefetch(int panel, int part, int parts)
    {
        if (!Sse.IsSupported || panel >= panels)
        {
            return;
        }

        var (begin, bytes) = Memory(panel);
        var (from, to) = ((long)bytes * part / parts, (long)bytes * (part + 1) / parts);
        for (var at = from / CacheLine * CacheLine; at < to; at += CacheLine)
        {
            Sse.Prefetch1((byte*)begin + at);
        }
    }

    /// <summary>Where a panel lies.</summary>
    protected abstract (nint Begin, int Bytes) Memory(int panel);
}
