using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Exact search for the nearest rows of a memory bank (SPEC 6). Block by block, so that nothing leaves the cache, a lower bound of every distance
/// is compared with the farthest of the nearest so far; only rows it does not rule out are measured, as a difference, free of cancellation.
/// </summary>
/// <remarks>Immutable; safe to use from any thread. A search runs on all cores.</remarks>
public sealed unsafe class NearestNeighbourSearch
{
    /// <summary>Neighbours a patch score averages, k.</summary>
    public const int DefaultNeighbours = 5;

    // Queries that share one pass over the bank: a multiple of every tile, and 784 / 56 splits evenly on 2, 7 or 14 cores.
    private const int QueriesPerPass = 56;

    private readonly MemoryBank _bank;
    private readonly DistanceBounds _bounds;

    /// <summary>Packs <paramref name="bank"/>; the bank itself is shared, not copied.</summary>
    public NearestNeighbourSearch(MemoryBank bank)
        : this(bank, DistanceBounds.Of((bank ?? throw new ArgumentNullException(nameof(bank))).Values, bank.Width))
    {
    }

    internal NearestNeighbourSearch(MemoryBank bank, DistanceBounds bounds) => (_bank, _bounds) = (bank, bounds);

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
        var count = Math.Min(QueriesPerPass, features.Rows - first);
        var prepared = ArrayPool<byte>.Shared.Rent(QueriesPerPass * _bounds.QueryBytes);
        using var candidates = new CandidateRows(count, k);
        try
        {
            fixed (byte* queries = prepared)
            {
                Span<QueryTerms> terms = stackalloc QueryTerms[QueriesPerPass];
                for (var q = 0; q < count; q++)
                {
                    terms[q] = _bounds.Prepare(features.Row(first + q), queries + (q * _bounds.QueryBytes));
                }

                Look(features, first, count, ignoreImage, queries, terms, candidates);
                for (var q = 0; q < count; q++)
                {
                    var nearest = candidates.Measure(q, features.Row(first + q), _bank);
                    scores[first + q] = terms[q].IsFinite ? TensorPrimitives.Sum(nearest) / k : float.NaN;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(prepared);
        }
    }

    /// <summary>Passes over the bank once and gathers the rows that the bounds do not rule out.</summary>
    private void Look(PatchFeatures features, int first, int count, int ignoreImage, byte* queries, ReadOnlySpan<QueryTerms> terms, CandidateRows candidates)
    {
        var (perTile, lanes) = (_bounds.Queries, _bounds.Lanes);
        var tiles = (count + perTile - 1) / perTile;
        var bounds = stackalloc float[perTile * lanes];

        // Queries that only fill the last tile have a limit no bound lies below.
        Span<float> limits = stackalloc float[QueriesPerPass];
        limits.Fill(float.NegativeInfinity);
        limits[..count].Fill(float.PositiveInfinity);
        for (var panel = 0; panel < _bounds.Panels; panel++)
        {
            for (var tile = 0; tile < tiles; tile++)
            {
                var block = tile * perTile;
                _bounds.Prefetch(panel + 1, tile, tiles);
                if (!_bounds.Compute(queries + (block * _bounds.QueryBytes), terms[block..], limits[block..], panel, bounds))
                {
                    continue;
                }

                for (var q = block; q < Math.Min(block + perTile, count); q++)
                {
                    limits[q] = Gather(bounds + ((q - block) * lanes), panel * lanes, q, features.Row(first + q), terms[q], limits[q], ignoreImage, candidates);
                }
            }
        }
    }

    /// <summary>Takes in the rows of a panel whose bound lies below <paramref name="limit"/>; returns the query's new limit.</summary>
    private float Gather(float* bounds, int firstRow, int query, ReadOnlySpan<float> values, QueryTerms terms, float limit, int ignoreImage, CandidateRows candidates)
    {
        for (var lane = 0; lane < _bounds.Lanes; lane += Vector256<float>.Count)
        {
            for (var below = Vector256.LessThan(Vector256.Load(bounds + lane), Vector256.Create(limit)).ExtractMostSignificantBits(); below != 0; below &= below - 1)
            {
                var hit = lane + BitOperations.TrailingZeroCount(below);
                if (bounds[hit] < limit && _bank.Images[firstRow + hit] != ignoreImage)
                {
                    limit = candidates.Add(query, firstRow + hit, bounds[hit], bounds[hit] + _bounds.Slack(terms, firstRow + hit), values, _bank);
                }
            }
        }

        return limit;
    }
}
