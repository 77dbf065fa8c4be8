using System.Buffers;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// For each query of a pass: rows its bound has not ruled out yet, and how far the k nearest lie at most. A row is measured only
/// when it must be, nearest bound first, so that most candidates are ruled out by others.
/// </summary>
/// <remarks>Not thread-safe. Its buffers come from a pool.</remarks>
internal readonly ref struct CandidateRows : IDisposable
{
    private const int Capacity = 64;

    private readonly int _neighbours;
    private readonly float[] _limits;
    private readonly float[] _bounds;
    private readonly int[] _rows;
    private readonly int[] _counts;

    public CandidateRows(int queries, int neighbours)
    {
        _neighbours = neighbours;
        _limits = ArrayPool<float>.Shared.Rent(2 * queries * neighbours);
        _bounds = ArrayPool<float>.Shared.Rent(queries * Capacity);
        _rows = ArrayPool<int>.Shared.Rent(queries * Capacity);
        _counts = ArrayPool<int>.Shared.Rent(queries);
        _limits.AsSpan(0, 2 * queries * neighbours).Fill(float.PositiveInfinity);
        _counts.AsSpan(0, queries).Clear();
    }

    /// <summary>Takes in a row that lies between <paramref name="bound"/> and <paramref name="limit"/> from the query; returns how far the k nearest lie at most.</summary>
    public float Add(int query, int row, float bound, float limit, ReadOnlySpan<float> values, MemoryBank bank)
    {
        Insert(limit, Limits(query));
        ref var count = ref _counts[query];
        (_bounds[(query * Capacity) + count], _rows[(query * Capacity) + count]) = (bound, row);
        if (++count == Capacity)
        {
            Measure(query, values, bank);
        }

        return Math.Min(Limits(query)[^1], Nearest(query)[^1]);
    }

    /// <summary>Measures what is left; returns the squared distances of the k nearest rows, ascending, infinite where there were fewer.</summary>
    public ReadOnlySpan<float> Measure(int query, ReadOnlySpan<float> values, MemoryBank bank)
    {
        var limit = Limits(query)[^1];
        var nearest = Nearest(query);
        var bounds = _bounds.AsSpan(query * Capacity, _counts[query]);
        var rows = _rows.AsSpan(query * Capacity, _counts[query]);
        bounds.Sort(rows);
        for (var i = 0; i < rows.Length && bounds[i] <= limit && bounds[i] < nearest[^1]; i++)
        {
            Insert(SquaredDistance.Of(values, bank.Row(rows[i])), nearest);
        }

        _counts[query] = 0;
        return nearest;
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_limits);
        ArrayPool<float>.Shared.Return(_bounds);
        ArrayPool<int>.Shared.Return(_rows);
        ArrayPool<int>.Shared.Return(_counts);
    }

    private Span<float> Limits(int query) => _limits.AsSpan(2 * query * _neighbours, _neighbours);

    private Span<float> Nearest(int query) => _limits.AsSpan(((2 * query) + 1) * _neighbours, _neighbours);

    private static void Insert(float value, Span<float> sorted)
    {
        if (!(value < sorted[^1]))
        {
            return;
        }

        var place = sorted.Length - 1;
        for (; place > 0 && sorted[place - 1] > value; place--)
        {
            sorted[place] = sorted[place - 1];
        }

        sorted[place] = value;
    }
}
