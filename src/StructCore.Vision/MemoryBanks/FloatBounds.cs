using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Bounds by float32 products: |q|² - 2·q·b + |b|², less what cancellation can hide. For every processor.</summary>
internal sealed unsafe class FloatBounds : DistanceBounds
{
    private readonly PackedRows _rows;
    private readonly AlignedArray<float> _squaredNorms;

    public FloatBounds(int capacity, int width)
        : base(width, PackedRows.PanelsOf(capacity))
    {
        _rows = new PackedRows(capacity, width);
        _squaredNorms = new AlignedArray<float>(_rows.Panels * PackedRows.Lanes);
        _squaredNorms.Span.Fill(float.PositiveInfinity);
    }

    public FloatBounds(ReadOnlySpan<float> rows, int width)
        : this(rows.Length / width, width)
    {
        for (var row = 0; row * width < rows.Length; row++)
        {
            Set(row, rows.Slice(row * width, width));
        }
    }

    public override int Lanes => PackedRows.Lanes;

    public override int Queries => Tile.Queries;

    public override int QueryBytes => Width * sizeof(float);

    public override void Set(int row, ReadOnlySpan<float> values)
    {
        _rows.Set(row, values);
        _squaredNorms.Span[row] = Certain * TensorPrimitives.SumOfSquares(values);
    }

    public override QueryTerms Prepare(ReadOnlySpan<float> query, byte* prepared)
    {
        query.CopyTo(new Span<float>(prepared, Width));
        return new QueryTerms(Certain * TensorPrimitives.SumOfSquares(query), 0, 0, 0);
    }

    public override bool Compute(byte* prepared, ReadOnlySpan<QueryTerms> terms, ReadOnlySpan<float> limits, int panel, float* bounds)
    {
        Tile.Compute((float*)prepared, _rows.Panel(panel), Width, bounds);
        var norms = _squaredNorms.Pointer + (panel * PackedRows.Lanes);
        var below = Vector256<float>.Zero;
        for (var q = 0; q < Queries; q++, bounds += PackedRows.Lanes)
        {
            var (squaredNorm, limit) = (Vector256.Create(terms[q].SquaredNorm), Vector256.Create(limits[q]));
            for (var lane = 0; lane < PackedRows.Lanes; lane += Vector256<float>.Count)
            {
                var bound = squaredNorm + Vector256.Load(norms + lane) - (2 * Vector256.Load(bounds + lane));
                below |= Vector256.LessThan(bound, limit);
                bound.Store(bounds + lane);
            }
        }

        return below.ExtractMostSignificantBits() != 0;
    }

    protected override (nint Begin, int Bytes) Memory(int panel) => ((nint)_rows.Panel(panel), Width * PackedRows.Lanes * sizeof(float));
}
