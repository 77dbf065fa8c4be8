using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Greedy k-centre on the proxies (SPEC 4): first the row farthest from the mean, then always the row farthest from its
/// nearest centre, ties to the lowest index. The same list as the naive algorithm, with far fewer distances: a row's
/// distance to its nearest centre only shrinks, so an old one is an upper bound, and rows whose bound lies below
/// the farthest row known exactly can wait. Rows that must be settled meet all centres they missed at once.
/// </summary>
/// <remarks>Every distance that decides is the same function of two rows, so that the list depends neither on threads nor on what was pruned.</remarks>
public sealed class KCenterGreedySampler
{
    private const int Width = Coreset.ProxyWidth;

    // One row in so many is settled at a time: more would meet centres for nothing, fewer need more passes over all rows.
    private const int TopShare = 64;
    private const int SampledRows = 4096;
    private const int RowsPerPart = 4096;

    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly int _size;
    private readonly ParallelOptions _parallel;
    private readonly NearestCentres _centres;
    private readonly CentreBounds? _bounds;

    private KCenterGreedySampler(ProxyRows proxies, int[] rows, int size, int threads, CentreBounds? bounds)
    {
        (_proxies, _rows, _size, _bounds) = (proxies, rows, size, bounds);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var mean = Mean();
        _centres = new NearestCentres(proxies, rows, size, mean, _parallel);
        _centres.Add(FarthestFrom(mean));
    }

    /// <summary>Chooses <paramref name="size"/> of the rows.</summary>
    /// <param name="proxies">The proxies, [T, 128]; finite, and near enough to each other that no squared distance overflows.</param>
    /// <param name="size">n, at most the number of rows.</param>
    /// <param name="among">Only these rows, ascending; all where it is null.</param>
    /// <param name="chosen">Told how many are chosen, now and then, on the calling thread.</param>
    /// <param name="threads">Threads that may work on it, 1 or more; -1 takes one per core. The list does not depend on it.</param>
    /// <param name="bounds">Helps with bounds on all the rows, the same ones in the same order; stays the caller's. The list does not depend on it.</param>
    /// <returns>Row indices in the order they were chosen; the list for a smaller n is its prefix.</returns>
    /// <exception cref="ArgumentException">A row is not finite or too far from the others.</exception>
    public static int[] Sample(ProxyRows proxies, int size, int[]? among = null, Action<int>? chosen = null, int threads = -1, CentreBounds? bounds = null)
    {
        ArgumentNullException.ThrowIfNull(proxies);
        var rows = among ?? [.. Enumerable.Range(0, proxies.Count)];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, rows.Length);
        return new KCenterGreedySampler(proxies, rows, size, threads, bounds).Run(chosen);
    }

    private int[] Run(Action<int>? progress)
    {
        while (_centres.Centres.Count < _size)
        {
            progress?.Invoke(_centres.Centres.Count);
            if (_bounds is not null)
            {
                _centres.Lower(_bounds);
            }

            var farthest = TensorPrimitives.Max(_centres.Nearest);
            if (farthest <= 0)
            {
                ChooseCopies();
                break;
            }

            var floor = FloorOfTopShare(farthest);
            var candidates = RowsFrom(floor);
            _centres.Settle(candidates, floor);
            ChooseWhileAbove(floor, Array.FindAll(candidates, i => _centres.Nearest[i] >= floor));
        }

        return [.. _centres.Centres.Select(i => _rows[i])];
    }

    /// <summary>The mean row; parts of a fixed size are summed each on its own, so that the number of threads rounds nothing differently.</summary>
    private float[] Mean()
    {
        var parts = new double[(_rows.Length + RowsPerPart - 1) / RowsPerPart][];
        Parallel.For(0, parts.Length, _parallel, part =>
        {
            var sums = parts[part] = new double[Width];
            foreach (var row in _rows.AsSpan(part * RowsPerPart, Math.Min(RowsPerPart, _rows.Length - (part * RowsPerPart))))
            {
                var values = _proxies[row];
                for (var d = 0; d < Width; d++)
                {
                    sums[d] += values[d];
                }
            }
        });
        var mean = new float[Width];
        for (var d = 0; d < Width; d++)
        {
            mean[d] = (float)(parts.Sum(p => p[d]) / _rows.Length);
        }

        return mean;
    }

    private int FarthestFrom(float[] mean)
    {
        var distances = new float[_rows.Length];
        Parallel.For(0, (_rows.Length + RowsPerPart - 1) / RowsPerPart, _parallel, part =>
        {
            for (var i = part * RowsPerPart; i < Math.Min(_rows.Length, (part + 1) * RowsPerPart); i++)
            {
                distances[i] = SquaredDistance.Of(_proxies[_rows[i]], mean);
            }
        });

        // Two rows are at most twice as far from each other as the farther is from the mean.
        if (!float.IsFinite(4 * TensorPrimitives.Max<float>(distances)))
        {
            throw new ArgumentException("The coreset's proxies are not finite, or so far apart that squared distances overflow. Import the backbone again.", nameof(mean));
        }

        return TensorPrimitives.IndexOfMax<float>(distances);
    }

    /// <summary>All rows left are copies of centres.</summary>
    private void ChooseCopies()
    {
        for (var i = 0; _centres.Centres.Count < _size; i++)
        {
            if (_centres.Nearest[i] >= 0)
            {
                _centres.Add(i);
            }
        }
    }

    /// <summary>A distance that about the top share of the rows reach, judged by a sample; any value above 0 and up to <paramref name="farthest"/> is correct, a good one is fast.</summary>
    private float FloorOfTopShare(float farthest)
    {
        var step = (_rows.Length + SampledRows - 1) / SampledRows;
        Span<float> sample = stackalloc float[SampledRows];
        var taken = 0;
        for (var i = 0; i < _rows.Length; i += step)
        {
            sample[taken++] = _centres.Nearest[i];
        }

        sample[..taken].Sort();
        return Math.Clamp(sample[taken - Math.Max(1, taken / TopShare)], float.Epsilon, farthest);
    }

    /// <summary>Rows whose distance, as far as it is known, reaches <paramref name="floor"/>, ascending.</summary>
    private int[] RowsFrom(float floor)
    {
        var found = new List<int>();
        var nearest = _centres.Nearest;
        ref var first = ref MemoryMarshal.GetReference(nearest);
        var i = 0;
        for (; i + Vector256<float>.Count <= nearest.Length; i += Vector256<float>.Count)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref first, (nuint)i), Vector256.Create(floor)).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                found.Add(i + BitOperations.TrailingZeroCount(reached));
            }
        }

        for (; i < nearest.Length; i++)
        {
            if (nearest[i] >= floor)
            {
                found.Add(i);
            }
        }

        return [.. found];
    }

    /// <summary>
    /// Chooses as long as the farthest of the <paramref name="settled"/> rows, kept exact, is at least <paramref name="floor"/>:
    /// all others lie below it, so the farthest row of all is among these, ties included.
    /// </summary>
    private void ChooseWhileAbove(float floor, int[] settled)
    {
        var distances = Array.ConvertAll(settled, i => _centres.Nearest[i]);
        while (settled.Length > 0 && _centres.Centres.Count < _size)
        {
            var farthest = TensorPrimitives.IndexOfMax<float>(distances);
            if (distances[farthest] < floor)
            {
                break;
            }

            _centres.Add(settled[farthest]);
            var centre = _proxies[_rows[settled[farthest]]];
            for (var i = 0; i < distances.Length; i++)
            {
                distances[i] = Math.Min(distances[i], SquaredDistance.Of(_proxies[_rows[settled[i]]], centre));
            }

            distances[farthest] = -1;
        }

        for (var i = 0; i < settled.Length; i++)
        {
            _centres.Note(settled[i], distances[i]);
        }
    }
}
