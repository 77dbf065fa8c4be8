using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Greedy k-centre on the proxies (SPEC 4): first the row farthest from the mean, then always the row farthest from its
/// nearest centre, ties to the lowest index. The same list as the naive algorithm, with far fewer distances: a row's
/// distance to its nearest centre only shrinks, so an old one is an upper bound, and rows whose bound lies below
/// the farthest row known exactly can wait. Rows that must be brought up to date meet all centres they missed at once.
/// </summary>
public sealed unsafe class KCenterGreedySampler
{
    private const int Width = Coreset.ProxyWidth;

    // The rows that are kept exact should stay in the cache: every new centre passes over all of them.
    private const int FewestActive = 4096;
    private const int MostActiveShare = 48;

    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly int _size;
    private readonly float[] _bounds;
    private readonly int[] _seen;
    private readonly List<int> _chosen;
    private readonly PackedRows _centres;

    private KCenterGreedySampler(ProxyRows proxies, int[] rows, int size)
    {
        (_proxies, _rows, _size) = (proxies, rows, size);
        _bounds = new float[rows.Length];
        _seen = new int[rows.Length];
        _chosen = new List<int>(size);
        _centres = new PackedRows(size, Width);
    }

    /// <summary>Chooses <paramref name="size"/> of the rows.</summary>
    /// <param name="proxies">The proxies, [T, 128].</param>
    /// <param name="size">n, at most the number of rows.</param>
    /// <param name="among">Only these rows, ascending; all where it is null.</param>
    /// <param name="chosen">Told how many are chosen, now and then.</param>
    /// <returns>Row indices in the order they were chosen; the list for a smaller n is its prefix.</returns>
    public static int[] Sample(ProxyRows proxies, int size, int[]? among = null, Action<int>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(proxies);
        var rows = among ?? [.. Enumerable.Range(0, proxies.Count)];
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, rows.Length);
        return new KCenterGreedySampler(proxies, rows, size).Run(chosen);
    }

    private int[] Run(Action<int>? progress)
    {
        Choose(FarthestFromMean());
        Array.Fill(_bounds, float.PositiveInfinity);
        _bounds[_chosen[0]] = -1;
        while (_chosen.Count < _size)
        {
            progress?.Invoke(_chosen.Count);
            var floor = BoundOfTopShare();
            var candidates = BringUpToDate(floor);
            ChooseWhileAbove(floor, candidates);
        }

        return [.. _chosen.Select(i => _rows[i])];
    }

    private int FarthestFromMean()
    {
        var sums = new double[Width];
        foreach (var row in _rows)
        {
            var values = _proxies[row];
            for (var d = 0; d < Width; d++)
            {
                sums[d] += values[d];
            }
        }

        var mean = Array.ConvertAll(sums, s => (float)(s / _rows.Length));
        var (farthest, largest) = (0, -1f);
        for (var i = 0; i < _rows.Length; i++)
        {
            var distance = TensorPrimitives.Distance(_proxies[_rows[i]], mean);
            if (distance > largest)
            {
                (farthest, largest) = (i, distance);
            }
        }

        return farthest;
    }

    private void Choose(int index)
    {
        _centres.Set(_chosen.Count, _proxies[_rows[index]]);
        _chosen.Add(index);
        _bounds[index] = -1;
    }

    /// <summary>A bound that about the wished share of the rows reaches, judged by a sample; any value is correct, a good one is fast.</summary>
    private float BoundOfTopShare()
    {
        var largest = TensorPrimitives.Max<float>(_bounds);
        if (_rows.Length <= FewestActive || float.IsPositiveInfinity(largest))
        {
            // Few rows, or none measured yet: take all that can still be chosen.
            return float.IsPositiveInfinity(largest) ? largest : 0;
        }

        var step = Math.Max(1, _rows.Length / FewestActive);
        var sample = new float[_rows.Length / step];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = _bounds[i * step];
        }

        Array.Sort(sample);
        var wished = Math.Max(FewestActive, _rows.Length / MostActiveShare);
        var share = Math.Min(sample.Length, Math.Max(1, (int)((long)wished * sample.Length / _rows.Length)));
        return Math.Max(0, Math.Min(sample[^share], largest));
    }

    /// <summary>Measures every row whose bound reaches <paramref name="floor"/> against the centres it has not met; returns those rows, ascending.</summary>
    private int[] BringUpToDate(float floor)
    {
        var candidates = new List<int>();
        for (var i = 0; i < _bounds.Length; i++)
        {
            if (_bounds[i] >= floor && _bounds[i] >= 0)
            {
                candidates.Add(i);
            }
        }

        var indices = candidates.ToArray();
        var blocks = (indices.Length + Tile.Queries - 1) / Tile.Queries;
        Parallel.For(0, (blocks + 63) / 64, chunk =>
        {
            var queries = stackalloc float[Tile.Queries * Width];
            var sums = stackalloc float[Tile.Size];
            for (var block = chunk * 64; block < Math.Min(blocks, (chunk + 1) * 64); block++)
            {
                Measure(indices.AsSpan(block * Tile.Queries, Math.Min(Tile.Queries, indices.Length - (block * Tile.Queries))), queries, sums);
            }
        });
        return indices;
    }

    private void Measure(ReadOnlySpan<int> indices, float* queries, float* sums)
    {
        var missed = _chosen.Count;
        for (var q = 0; q < indices.Length; q++)
        {
            _proxies[_rows[indices[q]]].CopyTo(new Span<float>(queries + (q * Width), Width));
            missed = Math.Min(missed, _seen[indices[q]]);
        }

        // Meeting a centre twice changes nothing, so the whole block starts at the panel its most outdated row needs.
        for (var panel = missed / PackedRows.Lanes; panel * PackedRows.Lanes < _chosen.Count; panel++)
        {
            Tile.Compute<SquaredDifferenceStep>(queries, _centres.Panel(panel), Width, sums);
            for (var q = 0; q < indices.Length; q++)
            {
                var nearest = TensorPrimitives.Min(new ReadOnlySpan<float>(sums + (q * PackedRows.Lanes), PackedRows.Lanes));
                ref var bound = ref _bounds[indices[q]];
                bound = Math.Min(bound, nearest);
            }
        }

        foreach (var index in indices)
        {
            _seen[index] = _chosen.Count;
        }
    }

    /// <summary>
    /// Chooses as long as the farthest of <paramref name="candidates"/>, kept exact, is at least <paramref name="floor"/>:
    /// all others have bounds below it, so the farthest row of all is among these, ties included.
    /// </summary>
    private void ChooseWhileAbove(float floor, int[] candidates)
    {
        var active = Array.FindAll(candidates, i => _bounds[i] >= floor);
        if (active.Length == 0)
        {
            return;
        }

        var packed = new PackedRows(active.Length, Width);
        var distances = GC.AllocateArray<float>(packed.Panels * PackedRows.Lanes, pinned: true);
        Array.Fill(distances, -1);
        for (var i = 0; i < active.Length; i++)
        {
            packed.Set(i, _proxies[_rows[active[i]]]);
            distances[i] = _bounds[active[i]];
        }

        while (_chosen.Count < _size)
        {
            var farthest = TensorPrimitives.IndexOfMax<float>(distances);
            if (distances[farthest] < floor || distances[farthest] < 0)
            {
                break;
            }

            Choose(active[farthest]);
            distances[farthest] = -1;
            ShrinkTo(_proxies.Pointer(_rows[active[farthest]]), packed, distances);
        }

        for (var i = 0; i < active.Length; i++)
        {
            _bounds[active[i]] = distances[i];
            _seen[active[i]] = _chosen.Count;
        }
    }

    private static void ShrinkTo(float* centre, PackedRows packed, float[] distances)
    {
        var sums = stackalloc float[PackedRows.Lanes];
        var pointer = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(distances));
        for (var panel = 0; panel < packed.Panels; panel++, pointer += PackedRows.Lanes)
        {
            Tile.ComputeOne<SquaredDifferenceStep>(centre, packed.Panel(panel), Width, sums);
            var lanes = new Span<float>(pointer, PackedRows.Lanes);
            TensorPrimitives.Min(lanes, new ReadOnlySpan<float>(sums, PackedRows.Lanes), lanes);
        }
    }
}
