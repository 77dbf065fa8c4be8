using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Bounds by 8-bit products, twice as many a cycle as in float32. Query q and row b are rounded to q' and b' in steps of their own;
/// q·b = q'·b' + q'·(b - b') + (q - q')·b, so q'·b' misses q·b by at most |q'|·|b - b'| + |q - q'|·|b| (Cauchy-Schwarz).
/// Both are taken relative to the bank's mean row, which changes no distance and shortens all norms.
/// </summary>
internal sealed unsafe class QuantisedBounds : DistanceBounds
{
    private const int Group = 4;
    private const int Levels = 127;

    // The product takes one side unsigned: the query is lifted by this, and the row's sum times it taken off again.
    private const int Lift = 128;

    // Norms are themselves sums in float32.
    private const float Outward = 1 + 1e-4f;

    // Smaller steps could vanish.
    private const float SmallestStep = 1e-30f;

    private readonly int _groups;
    private readonly float[] _mean;
    private readonly AlignedArray<sbyte> _values;
    private readonly AlignedArray<int> _lifts;
    private readonly AlignedArray<float> _terms;

    public QuantisedBounds(int capacity, ReadOnlySpan<float> mean)
        : base(mean.Length, (capacity + QuantisedTile.Lanes - 1) / QuantisedTile.Lanes)
    {
        _mean = mean.ToArray();
        _groups = (mean.Length + Group - 1) / Group;
        _values = new AlignedArray<sbyte>(checked(Panels * _groups * Group * QuantisedTile.Lanes));
        _values.Span.Clear();
        _lifts = new AlignedArray<int>(Panels * QuantisedTile.Lanes);
        _lifts.Span.Clear();
        _terms = new AlignedArray<float>(Panels * QuantisedTile.Lanes * 4);
        _terms.Span.Clear();
        for (var panel = 0; panel < Panels; panel++)
        {
            new Span<float>(Terms(panel, Term.SquaredNorm), QuantisedTile.Lanes).Fill(float.PositiveInfinity);
        }
    }

    public QuantisedBounds(ReadOnlySpan<float> rows, int width)
        : this(rows.Length / width, Mean(rows, width))
    {
        for (var row = 0; row * width < rows.Length; row++)
        {
            Set(row, rows.Slice(row * width, width));
        }
    }

    private enum Term
    {
        SquaredNorm,
        Scale,
        Norm,
        Error,
    }

    public override int Lanes => QuantisedTile.Lanes;

    public override int Queries => QuantisedTile.Queries;

    public override int QueryBytes => _groups * Group;

    /// <summary>Whether the processor has 8-bit products, and the rows nothing that cannot be rounded.</summary>
    public static bool IsSupported(ReadOnlySpan<float> rows) => AvxVnni.IsSupported && Avx2.IsSupported && float.IsFinite(TensorPrimitives.SumOfSquares(rows));

    public override void Set(int row, ReadOnlySpan<float> values)
    {
        Span<float> centred = stackalloc float[Width];
        Span<float> quantised = stackalloc float[Width];
        TensorPrimitives.Subtract(values, _mean, centred);
        var (panel, lane) = (row / QuantisedTile.Lanes, row % QuantisedTile.Lanes);
        var (scale, _, error) = Quantise(centred, quantised);
        var squaredNorm = TensorPrimitives.SumOfSquares<float>(centred);
        Terms(panel, Term.SquaredNorm)[lane] = Certain * squaredNorm;
        Terms(panel, Term.Scale)[lane] = scale;
        Terms(panel, Term.Norm)[lane] = Outward * MathF.Sqrt(squaredNorm);
        Terms(panel, Term.Error)[lane] = error;
        _lifts.Span[row] = Lift * (int)TensorPrimitives.Sum<float>(quantised);
        for (var d = 0; d < values.Length; d++)
        {
            Panel(panel)[(((d / Group * QuantisedTile.Lanes) + lane) * Group) + (d % Group)] = (sbyte)quantised[d];
        }
    }

    public override QueryTerms Prepare(ReadOnlySpan<float> query, byte* prepared)
    {
        Span<float> centred = stackalloc float[Width];
        Span<float> quantised = stackalloc float[QueryBytes];
        quantised.Clear();
        TensorPrimitives.Subtract(query, _mean, centred);
        var (scale, norm, error) = Quantise(centred, quantised[..Width]);
        ToBytes(quantised, new Span<byte>(prepared, QueryBytes));
        return new QueryTerms(Certain * TensorPrimitives.SumOfSquares<float>(centred), scale, 2 * Outward * scale * norm, 2 * error);
    }

    public override bool Compute(byte* prepared, ReadOnlySpan<QueryTerms> terms, ReadOnlySpan<float> limits, int panel, float* bounds)
    {
        var products = stackalloc int[QuantisedTile.Size];
        QuantisedTile.Compute(prepared, QueryBytes, Panel(panel), _groups, products);
        var lifts = _lifts.Pointer + (panel * QuantisedTile.Lanes);
        var squaredNorms = Terms(panel, Term.SquaredNorm);
        var scales = Terms(panel, Term.Scale);
        var norms = Terms(panel, Term.Norm);
        var errors = Terms(panel, Term.Error);
        var below = Vector256<float>.Zero;
        for (var q = 0; q < QuantisedTile.Queries; q++, products += QuantisedTile.Lanes, bounds += QuantisedTile.Lanes)
        {
            var (squaredNorm, scale, limit) = (Vector256.Create(terms[q].SquaredNorm), Vector256.Create(-2 * terms[q].Scale), Vector256.Create(limits[q]));
            var (norm, error) = (Vector256.Create(-terms[q].Norm), Vector256.Create(-terms[q].Error));
            for (var lane = 0; lane < QuantisedTile.Lanes; lane += Vector256<float>.Count)
            {
                var product = Vector256.ConvertToSingle(Vector256.Load(products + lane) - Vector256.Load(lifts + lane)) * Vector256.Load(scales + lane);
                var bound = Vector256.FusedMultiplyAdd(product, scale, squaredNorm + Vector256.Load(squaredNorms + lane));
                bound = Vector256.FusedMultiplyAdd(error, Vector256.Load(norms + lane), bound);
                bound = Vector256.FusedMultiplyAdd(norm, Vector256.Load(errors + lane), bound);
                below |= Vector256.LessThan(bound, limit);
                bound.Store(bounds + lane);
            }
        }

        return below.ExtractMostSignificantBits() != 0;
    }

    protected override (nint Begin, int Bytes) Memory(int panel) => ((nint)Panel(panel), _groups * Group * QuantisedTile.Lanes);

    private static float[] Mean(ReadOnlySpan<float> rows, int width)
    {
        var mean = new float[width];
        for (var row = 0; row * width < rows.Length; row++)
        {
            TensorPrimitives.Add(mean, rows.Slice(row * width, width), mean);
        }

        TensorPrimitives.Divide(mean, rows.Length / width, mean);
        return mean;
    }

    private static void ToBytes(ReadOnlySpan<float> quantised, Span<byte> bytes)
    {
        var d = 0;
        for (; d + Vector256<byte>.Count <= bytes.Length; d += Vector256<byte>.Count)
        {
            var low = Vector256.Narrow(Lifted(quantised[d..]), Lifted(quantised[(d + 8)..]));
            var high = Vector256.Narrow(Lifted(quantised[(d + 16)..]), Lifted(quantised[(d + 24)..]));
            Vector256.Narrow(low, high).CopyTo(bytes[d..]);
        }

        for (; d < bytes.Length; d++)
        {
            bytes[d] = (byte)((int)quantised[d] + Lift);
        }
    }

    private static Vector256<uint> Lifted(ReadOnlySpan<float> quantised) => (Vector256.ConvertToInt32(Vector256.Create(quantised)) + Vector256.Create(Lift)).AsUInt32();

    /// <summary>Rounds to whole steps of -127 to 127: the size of a step, the norm in steps, the norm of what was rounded away.</summary>
    private static (float Scale, float Norm, float Error) Quantise(ReadOnlySpan<float> values, Span<float> quantised)
    {
        var scale = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(values)) / Levels, SmallestStep);
        TensorPrimitives.Divide(values, scale, quantised);
        TensorPrimitives.Round(quantised, quantised);
        Span<float> rest = stackalloc float[values.Length];
        TensorPrimitives.MultiplyAdd(quantised, -scale, values, rest);
        return (scale, TensorPrimitives.Norm<float>(quantised), Outward * TensorPrimitives.Norm<float>(rest));
    }

    /// <summary>A panel of quantised rows, [groups, lanes, 4].</summary>
    private sbyte* Panel(int panel) => _values.Pointer + ((long)panel * _groups * Group * QuantisedTile.Lanes);

    /// <summary>One term of the rows of a panel, [lanes].</summary>
    private float* Terms(int panel, Term term) => _terms.Pointer + (((panel * 4) + (int)term) * QuantisedTile.Lanes);
}
