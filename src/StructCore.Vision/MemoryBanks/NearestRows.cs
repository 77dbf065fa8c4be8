using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>For each query of a pass: the squared distances of the k nearest rows measured so far. What a bound does not rule out is measured.</summary>
/// <remarks>Not thread-safe. Its buffers come from a pool.</remarks>
internal readonly unsafe ref struct NearestRows : IDisposable
{
    private readonly MemoryBank _bank;
    private readonly int _neighbours;
    private readonly int _ignoredImage;
    private readonly float[] _distances;

    public NearestRows(MemoryBank bank, int queries, int neighbours, int ignoredImage)
    {
        (_bank, _neighbours, _ignoredImage) = (bank, neighbours, ignoredImage);
        _distances = ArrayPool<float>.Shared.Rent(queries * neighbours);
        _distances.AsSpan(0, queries * neighbours).Fill(float.PositiveInfinity);
    }

    /// <summary>Distances of a query, [k], ascending, infinite where fewer rows were measured.</summary>
    public Span<float> this[int query] => _distances.AsSpan(query * _neighbours, _neighbours);

    /// <summary>
    /// Measures among the first rows of the bank, whose bounds lie <paramref name="stride"/> values apart from panel to panel: those of the lowest
    /// bounds before all others, since they rule out nearly all of these.
    /// </summary>
    /// <returns>How far the farthest of the nearest is.</returns>
    public float AddFirst(int query, ReadOnlySpan<float> values, float* bounds, int panels, int lanes, int stride)
    {
        var lowest = LowestBounds(bounds, panels, lanes, stride);
        for (var panel = 0; panel < panels; panel++)
        {
            Add(query, values, bounds + (panel * stride), panel * lanes, lanes, lowest);
        }

        var limit = this[query][^1];
        for (var panel = 0; panel < panels; panel++)
        {
            limit = Add(query, values, bounds + (panel * stride), panel * lanes, lanes, limit);
        }

        return limit;
    }

    /// <summary>Measures the rows of a panel whose bound lies below <paramref name="limit"/> and below the farthest of the nearest, and lifts their bounds out of the way; returns how far that is now.</summary>
    public float Add(int query, ReadOnlySpan<float> values, float* bounds, int firstRow, int lanes, float limit)
    {
        var nearest = this[query];
        for (var lane = 0; lane < lanes; lane += Vector256<float>.Count)
        {
            for (var below = Vector256.LessThan(Vector256.Load(bounds + lane), Vector256.Create(limit)).ExtractMostSignificantBits(); below != 0; below &= below - 1)
            {
                var hit = lane + BitOperations.TrailingZeroCount(below);
                if (bounds[hit] < nearest[^1] && _bank.Images[firstRow + hit] != _ignoredImage)
                {
                    Insert(_bank.Distance(values, firstRow + hit), nearest);
                    bounds[hit] = float.PositiveInfinity;
                }
            }
        }

        return nearest[^1];
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_distances);

    /// <summary>A limit that at least k of the bounds lie below, and few more: each lane's lowest bound is another row's.</summary>
    private float LowestBounds(float* bounds, int panels, int lanes, int stride)
    {
        if (_neighbours > lanes)
        {
            return float.PositiveInfinity;
        }

        Span<float> lowest = stackalloc float[_neighbours];
        lowest.Fill(float.PositiveInfinity);
        for (var lane = 0; lane < lanes; lane += Vector256<float>.Count)
        {
            var low = Vector256.Create(float.PositiveInfinity);
            for (var panel = 0; panel < panels; panel++)
            {
                low = Vector256.MinNative(low, Vector256.Load(bounds + (panel * stride) + lane));
            }

            for (var i = 0; i < Vector256<float>.Count; i++)
            {
                Insert(low[i], lowest);
            }
        }

        return MathF.BitIncrement(lowest[^1]);
    }

    /// <summary>Takes a value among the smallest, ascending, in place of the largest of them; where it is none of these, nothing happens.</summary>
    internal static void Insert(float value, Span<float> sorted)
    {
        var place = sorted.Length - 1;
        if (!(value < sorted[place]))
        {
            return;
        }

        for (; place > 0 && sorted[place - 1] > value; place--)
        {
            sorted[place] = sorted[place - 1];
        }

        sorted[place] = value;
    }
}
