using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Exact search for the nearest rows of a memory bank (SPEC 6). Candidates are ranked by |b|² - 2·z·b, block by block, so
/// that the distance matrix never leaves the cache; the few that stay are measured again as a difference, free of cancellation.
/// </summary>
/// <remarks>Immutable; safe to use from any thread. A search runs on all cores.</remarks>
public sealed unsafe class NearestNeighbourSearch
{
    /// <summary>Neighbours a patch score averages, k.</summary>
    public const int DefaultNeighbours = 5;

    // Queries that share one pass over the bank: a multiple of the tile, and 784 / 56 splits evenly on 2, 7 or 14 cores.
    private const int QueriesPerPass = 7 * Tile.Queries;

    private readonly MemoryBank _bank;
    private readonly PackedRows _packed;
    private readonly float[] _squaredNorms;

    /// <summary>Packs <paramref name="bank"/>; the bank itself is shared, not copied.</summary>
    public NearestNeighbourSearch(MemoryBank bank)
    {
        ArgumentNullException.ThrowIfNull(bank);
        _bank = bank;
        _packed = new PackedRows(bank.Values, bank.Width);
        _squaredNorms = new float[_packed.Panels * PackedRows.Lanes];
        Array.Fill(_squaredNorms, float.PositiveInfinity);
        for (var row = 0; row < bank.Rows; row++)
        {
            _squaredNorms[row] = TensorPrimitives.SumOfSquares(bank.Row(row));
        }
    }

    /// <summary>Mean of the squared L2 distances to the <paramref name="neighbours"/> nearest bank rows (all rows where there are fewer), per patch.</summary>
    /// <param name="features">Patches z, [P, width].</param>
    /// <param name="neighbours">k, at least 1.</param>
    /// <param name="ignoreImage">Leave out bank rows that came from this image.</param>
    /// <returns>Scores s, [P], 0 or more; null where <paramref name="ignoreImage"/> leaves no row.</returns>
    /// <exception cref="ArgumentException">The features are of another width than the bank.</exception>
    public float[]? Score(PatchFeatures features, int neighbours = DefaultNeighbours, int? ignoreImage = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neighbours);
        if (features.Width != _bank.Width)
        {
            throw new ArgumentException($"Features are {features.Width} wide, the memory bank {_bank.Width}. Both must come from the same backbone.", nameof(features));
        }

        var usable = ignoreImage is { } image ? _bank.Rows - _bank.Images.Count(image) : _bank.Rows;
        if (usable == 0)
        {
            return null;
        }

        var (scores, k) = (new float[features.Rows], Math.Min(neighbours, usable));
        var passes = (features.Rows + QueriesPerPass - 1) / QueriesPerPass;
        Parallel.For(0, passes, pass => SearchPass(features, pass * QueriesPerPass, k, ignoreImage ?? -1, scores));
        return scores;
    }

    private void SearchPass(PatchFeatures features, int first, int k, int ignoreImage, float[] scores)
    {
        var (count, width) = (Math.Min(QueriesPerPass, features.Rows - first), _bank.Width);
        var queries = new float[QueriesPerPass * width];
        features.Values.Slice(first * width, count * width).CopyTo(queries);
        var (values, rows) = (new float[count * k], new int[count * k]);
        Array.Fill(values, float.PositiveInfinity);
        var sums = stackalloc float[Tile.Size];

        fixed (float* query = queries, norms = _squaredNorms)
        {
            for (var panel = 0; panel < _packed.Panels; panel++)
            {
                for (var block = 0; block < count; block += Tile.Queries)
                {
                    Tile.Compute<DotStep>(query + (block * width), _packed.Panel(panel), width, sums);
                    for (var q = block; q < Math.Min(block + Tile.Queries, count); q++)
                    {
                        Keep(sums + ((q - block) * PackedRows.Lanes), norms, panel * PackedRows.Lanes, ignoreImage, values.AsSpan(q * k, k), rows.AsSpan(q * k, k));
                    }
                }
            }
        }

        for (var q = 0; q < count; q++)
        {
            var sum = 0f;
            foreach (var row in rows.AsSpan(q * k, k))
            {
                var distance = TensorPrimitives.Distance(features.Row(first + q), _bank.Row(row));
                sum += distance * distance;
            }

            scores[first + q] = sum / k;
        }
    }

    /// <summary>Takes what is nearer than the farthest kept row into the sorted list of the k nearest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Keep(float* dots, float* norms, int firstRow, int ignoreImage, Span<float> values, Span<int> rows)
    {
        for (var lane = 0; lane < PackedRows.Lanes; lane += 16)
        {
            var ranks = Vector512.Load(norms + firstRow + lane) - (2f * Vector512.Load(dots + lane));
            for (var nearer = Vector512.LessThan(ranks, Vector512.Create(values[^1])).ExtractMostSignificantBits(); nearer != 0; nearer &= nearer - 1)
            {
                var hit = System.Numerics.BitOperations.TrailingZeroCount(nearer);
                var (rank, row) = (ranks[hit], firstRow + lane + hit);
                if (rank < values[^1] && _bank.Images[row] != ignoreImage)
                {
                    Insert(rank, row, values, rows);
                }
            }
        }
    }

    private static void Insert(float value, int row, Span<float> values, Span<int> rows)
    {
        var place = values.Length - 1;
        for (; place > 0 && values[place - 1] > value; place--)
        {
            (values[place], rows[place]) = (values[place - 1], rows[place - 1]);
        }

        (values[place], rows[place]) = (value, row);
    }
}
