using System.Numerics;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// How far rows lie from the nearest of a growing list of centres, settled only for the rows asked for. Until then a row's distance is that
/// to the centres it has met: an upper bound, since more centres only shorten it. Most centres a row has missed are ruled out by lower bounds.
/// </summary>
/// <remarks>One caller at a time. Settled distances are <see cref="SquaredDistance.Of"/>, whoever finds the candidates and with however many threads.</remarks>
internal sealed unsafe class NearestCentres
{
    // A multiple of every tile.
    private const int RowsPerPass = 32;

    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly ParallelOptions _parallel;
    private readonly float[] _nearest;
    private readonly int[] _met;
    private readonly List<int> _centres;
    private readonly DistanceBounds _bounds;
    private int _lowered;

    /// <summary>No centre yet; all distances infinite.</summary>
    /// <param name="proxies">All rows.</param>
    /// <param name="rows">The rows this is about; below, "index" is a place in this list.</param>
    /// <param name="capacity">Most centres.</param>
    /// <param name="mean">Mean of the rows, [128]: the bounds are taken around it.</param>
    /// <param name="parallel">How many threads may settle.</param>
    public NearestCentres(ProxyRows proxies, int[] rows, int capacity, ReadOnlySpan<float> mean, ParallelOptions parallel)
    {
        (_proxies, _rows, _parallel) = (proxies, rows, parallel);
        _nearest = new float[rows.Length];
        Array.Fill(_nearest, float.PositiveInfinity);
        _met = new int[rows.Length];
        _centres = new List<int>(capacity);
        _bounds = DistanceBounds.Around(mean, capacity);
    }

    /// <summary>Indices of the centres, in the order they were added.</summary>
    public IReadOnlyList<int> Centres => _centres;

    /// <summary>Squared distance of each row to the nearest centre it has met, [rows]; -1 for centres.</summary>
    public ReadOnlySpan<float> Nearest => _nearest;

    /// <summary>Makes the row of an index a centre.</summary>
    public void Add(int index)
    {
        _bounds.Set(_centres.Count, Row(index));
        _centres.Add(index);
        _nearest[index] = -1;
    }

    /// <summary>Notes what the caller measured: the row's distance to the nearest of all centres, by <see cref="SquaredDistance.Of"/>.</summary>
    public void Note(int index, float nearest) => (_nearest[index], _met[index]) = (nearest, _centres.Count);

    /// <summary>Lets <paramref name="bounds"/> shorten all distances by the centres it has not seen. They stay upper bounds: only <see cref="Settle"/> makes a row's distance exact.</summary>
    public void Lower(CentreBounds bounds)
    {
        bounds.Lower(_centres.Skip(_lowered).Select(i => _rows[i]).ToArray(), _nearest);
        _lowered = _centres.Count;
    }

    /// <summary>Brings rows up to date: afterwards those at <paramref name="floor"/> or above are as far as they are from all centres, the others below it.</summary>
    public void Settle(int[] indices, float floor)
    {
        // Rows that missed about as many centres go together.
        var order = (int[])indices.Clone();
        Array.Sort(Array.ConvertAll(indices, i => _met[i]), order);
        Parallel.For(0, (order.Length + RowsPerPass - 1) / RowsPerPass, _parallel, pass =>
            SettlePass(order.AsSpan(pass * RowsPerPass, Math.Min(RowsPerPass, order.Length - (pass * RowsPerPass))), floor));
    }

    private void SettlePass(Span<int> indices, float floor)
    {
        var (perTile, lanes, bytes, count) = (_bounds.Queries, _bounds.Lanes, _bounds.QueryBytes, indices.Length);
        var prepared = stackalloc byte[RowsPerPass * bytes];
        var bounds = stackalloc float[perTile * lanes];
        Span<QueryTerms> terms = stackalloc QueryTerms[RowsPerPass];
        Span<float> limits = stackalloc float[RowsPerPass];

        // Places that hold no row, or no row any more, have a limit no bound lies below.
        limits.Fill(float.NegativeInfinity);
        for (var q = 0; q < count; q++)
        {
            terms[q] = _bounds.Prepare(Row(indices[q]), prepared + (q * bytes));
            limits[q] = _nearest[indices[q]];
        }

        for (var panel = _met[indices[0]] / lanes; panel * lanes < _centres.Count && count > 0; panel++)
        {
            var shortened = false;
            for (var block = 0; block < count; block += perTile)
            {
                if (!_bounds.Compute(prepared + (block * bytes), terms[block..], limits[block..], panel, bounds))
                {
                    continue;
                }

                shortened = true;
                for (var q = block; q < Math.Min(block + perTile, count); q++)
                {
                    limits[q] = Shorten(limits[q], indices[q], panel * lanes, bounds + ((q - block) * lanes));
                }
            }

            for (var q = count - 1; shortened && q >= 0; q--)
            {
                if (limits[q] < floor)
                {
                    (_nearest[indices[q]], _met[indices[q]]) = (limits[q], Math.Min((panel + 1) * lanes, _centres.Count));
                    count--;
                    (indices[q], terms[q], limits[q], limits[count]) = (indices[count], terms[count], limits[count], float.NegativeInfinity);
                    new Span<byte>(prepared + (count * bytes), bytes).CopyTo(new Span<byte>(prepared + (q * bytes), bytes));
                }
            }
        }

        for (var q = 0; q < count; q++)
        {
            Note(indices[q], limits[q]);
        }
    }

    /// <summary>Measures the centres of a panel whose bound lies below <paramref name="limit"/>; returns the smallest distance.</summary>
    private float Shorten(float limit, int index, int firstCentre, float* bounds)
    {
        for (var lane = 0; lane < _bounds.Lanes; lane += Vector256<float>.Count)
        {
            for (var below = Vector256.LessThan(Vector256.Load(bounds + lane), Vector256.Create(limit)).ExtractMostSignificantBits(); below != 0; below &= below - 1)
            {
                var hit = lane + BitOperations.TrailingZeroCount(below);
                if (bounds[hit] < limit)
                {
                    limit = Math.Min(limit, SquaredDistance.Of(Row(index), Row(_centres[firstCentre + hit])));
                }
            }
        }

        return limit;
    }

    private ReadOnlySpan<float> Row(int index) => _proxies[_rows[index]];
}
