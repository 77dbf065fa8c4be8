using System.Buffers;
using System.Numerics.Tensors;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Exact search for the nearest rows of a memory bank (SPEC 6). Block by block, so that nothing leaves the cache, a lower bound of every distance
/// is compared with the farthest of the nearest so far; only rows it does not rule out are measured, as a difference, free of cancellation. A row's
/// floor only adds to what bounds it from below.
/// </summary>
/// <remarks>Immutable; safe to use from any thread. A search runs on as many threads as <see cref="ComputeThreads"/> says.</remarks>
public sealed unsafe class NearestNeighbourSearch
{
    /// <summary>Neighbours a patch score averages, k.</summary>
    public const int DefaultNeighbours = 5;

    // Tiles of queries that share one pass over the bank: 784 patches split evenly on 2, 7 or 14 cores.
    private const int TilesPerPass = 7;

    // Bounds that wait for being looked at: 320 KiB, less than half of a core's second cache.
    private const int WaitingBounds = 80 * 1024;

    private readonly MemoryBank _bank;
    private readonly DistanceBounds _bounds;
    private readonly int _queriesPerPass;
    private readonly int _firstPanels;

    /// <summary>Packs <paramref name="bank"/>; the bank itself is shared, not copied.</summary>
    public NearestNeighbourSearch(MemoryBank bank)
        : this(bank, DistanceBounds.Of((bank ?? throw new ArgumentNullException(nameof(bank))).Values, bank.Width))
    {
    }

    internal NearestNeighbourSearch(MemoryBank bank, DistanceBounds bounds)
    {
        (_bank, _bounds, _queriesPerPass) = (bank, bounds, TilesPerPass * bounds.Queries);
        _firstPanels = Math.Min(bounds.Panels, WaitingBounds / (_queriesPerPass * bounds.Lanes));
    }

    /// <summary>Mean of the squared L2 distances, each row's floor included, to the <paramref name="neighbours"/> nearest bank rows (all rows where there are fewer), per patch.</summary>
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
        var passes = (features.Rows + _queriesPerPass - 1) / _queriesPerPass;
        Parallel.For(0, passes, ComputeThreads.Parallel, pass => SearchPass(features, pass * _queriesPerPass, k, ignoreImage ?? -1, scores));
        return scores;
    }

    private void SearchPass(PatchFeatures features, int first, int k, int ignoreImage, float[] scores)
    {
        var count = Math.Min(_queriesPerPass, features.Rows - first);
        var prepared = ArrayPool<byte>.Shared.Rent(_queriesPerPass * _bounds.QueryBytes);
        using var nearest = new NearestRows(_bank, count, k, ignoreImage);
        try
        {
            fixed (byte* queries = prepared)
            {
                Span<QueryTerms> terms = stackalloc QueryTerms[_queriesPerPass];
                for (var q = 0; q < count; q++)
                {
                    terms[q] = _bounds.Prepare(features.Row(first + q), queries + (q * _bounds.QueryBytes));
                }

                // Queries that only fill the last tile have a limit no bound lies below.
                Span<float> limits = stackalloc float[_queriesPerPass];
                limits.Fill(float.NegativeInfinity);
                limits[..count].Fill(float.PositiveInfinity);
                LookAtFirst(features, first, count, queries, terms, limits, nearest);
                LookAtRest(features, first, count, queries, terms, limits, nearest);
                for (var q = 0; q < count; q++)
                {
                    scores[first + q] = terms[q].IsFinite ? TensorPrimitives.Sum(nearest[q]) / k : float.NaN;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(prepared);
        }
    }

    /// <summary>Bounds the first rows, all of a small bank, before any is measured.</summary>
    private void LookAtFirst(PatchFeatures features, int first, int count, byte* queries, ReadOnlySpan<QueryTerms> terms, Span<float> limits, NearestRows nearest)
    {
        var (perTile, lanes) = (_bounds.Queries, _bounds.Lanes);
        var tileSize = perTile * lanes;
        var tiles = (count + perTile - 1) / perTile;
        var memory = ArrayPool<float>.Shared.Rent(tiles * _firstPanels * tileSize);
        try
        {
            fixed (float* bounds = memory)
            {
                for (var panel = 0; panel < _firstPanels; panel++)
                {
                    for (var tile = 0; tile < tiles; tile++)
                    {
                        var block = tile * perTile;
                        _bounds.Prefetch(panel + 1, tile, tiles);
                        _bounds.Compute(queries + (block * _bounds.QueryBytes), terms[block..], limits[block..], panel, bounds + (((tile * _firstPanels) + panel) * tileSize));
                    }
                }

                for (var q = 0; q < count; q++)
                {
                    var own = bounds + (q / perTile * _firstPanels * tileSize) + (q % perTile * lanes);
                    limits[q] = nearest.AddFirst(q, features.Row(first + q), own, _firstPanels, lanes, tileSize);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }

    /// <summary>Measures at once what the bounds of a panel do not rule out: little, since near rows are known.</summary>
    private void LookAtRest(PatchFeatures features, int first, int count, byte* queries, ReadOnlySpan<QueryTerms> terms, Span<float> limits, NearestRows nearest)
    {
        var (perTile, lanes) = (_bounds.Queries, _bounds.Lanes);
        var tiles = (count + perTile - 1) / perTile;
        var bounds = stackalloc float[perTile * lanes];
        for (var panel = _firstPanels; panel < _bounds.Panels; panel++)
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
                    limits[q] = nearest.Add(q, features.Row(first + q), bounds + ((q - block) * lanes), panel * lanes, lanes, limits[q]);
                }
            }
        }
    }
}
