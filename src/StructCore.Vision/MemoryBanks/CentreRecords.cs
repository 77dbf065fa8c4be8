using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Which centres of a greedy list came nearer to a row than all centres before them: with these few records, about ln n a row, the distance of
/// every row to its nearest centre is known as it was after any number of centres.
/// </summary>
/// <remarks>Immutable; safe to use from any thread. Distances are <see cref="SquaredDistance.Of"/>; bounds only spare measuring.</remarks>
internal sealed unsafe class CentreRecords
{
    // A multiple of every tile.
    private const int RowsPerPass = 32;

    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly DistanceBounds _bounds;
    private readonly int[] _firstOfRow;
    private readonly int[] _times;
    private readonly float[] _distances;
    private readonly int[] _firstOfCentre;
    private readonly (int Row, int Record)[] _ofCentre;

    /// <param name="proxies">All rows.</param>
    /// <param name="rows">The rows this is about; below, "row" is a place in this list.</param>
    /// <param name="centres">Rows, in the order they became centres; a centre's time is its place here.</param>
    public CentreRecords(ProxyRows proxies, int[] rows, int[] centres)
    {
        (_proxies, _rows) = (proxies, rows);
        var mean = new float[Coreset.ProxyWidth];
        foreach (var centre in centres)
        {
            TensorPrimitives.Add(mean, proxies[rows[centre]], mean);
        }

        TensorPrimitives.Divide(mean, centres.Length, mean);
        _bounds = DistanceBounds.Around(mean, centres.Length);
        for (var t = 0; t < centres.Length; t++)
        {
            _bounds.Set(t, proxies[rows[centres[t]]]);
        }

        _firstOfRow = new int[rows.Length + 1];
        var found = new (int Time, float Distance)[(rows.Length + RowsPerPass - 1) / RowsPerPass][];
        Parallel.For(0, found.Length, ComputeThreads.Parallel, pass => found[pass] = Trace(pass * RowsPerPass, centres));
        for (var row = 0; row < rows.Length; row++)
        {
            _firstOfRow[row + 1] = checked(_firstOfRow[row] + _firstOfRow[row + 1]);
        }

        (_times, _distances) = (new int[_firstOfRow[^1]], new float[_firstOfRow[^1]]);
        foreach (var (pass, records) in found.Index())
        {
            for (var i = 0; i < records.Length; i++)
            {
                var record = _firstOfRow[pass * RowsPerPass] + i;
                (_times[record], _distances[record]) = records[i];
            }
        }

        (_firstOfCentre, _ofCentre) = ByCentre(centres.Length);
    }

    /// <summary>Square of the covering radius: no row is farther from its nearest centre.</summary>
    public float SquaredRadius => Enumerable.Range(0, _rows.Length).Max(row => _distances[_firstOfRow[row + 1] - 1]);

    /// <summary>When a record was set.</summary>
    public int Time(int record) => _times[record];

    /// <summary>Distance to the nearest centre since a record.</summary>
    public float Distance(int record) => _distances[record];

    /// <summary>The first record of a row, set by the first centre; the following ones are those after it.</summary>
    public int First(int row) => _firstOfRow[row];

    /// <summary>When the record after <paramref name="record"/> of a row is set; never where there is none.</summary>
    public int NextTime(int row, int record) => record + 1 < _firstOfRow[row + 1] ? _times[record + 1] : int.MaxValue;

    /// <summary>The records that the centre of a time set, the farthest first.</summary>
    public ReadOnlySpan<(int Row, int Record)> Of(int time) => _ofCentre.AsSpan(_firstOfCentre[time].._firstOfCentre[time + 1]);

    /// <summary>The records of a pass, row by row; their number goes to the place after each row's.</summary>
    private (int Time, float Distance)[] Trace(int first, int[] centres)
    {
        var found = new List<(int Time, float Distance)>[RowsPerPass];
        var (perTile, lanes, bytes, count) = (_bounds.Queries, _bounds.Lanes, _bounds.QueryBytes, Math.Min(RowsPerPass, _rows.Length - first));
        var prepared = stackalloc byte[RowsPerPass * bytes];
        var bounds = stackalloc float[perTile * lanes];
        Span<QueryTerms> terms = stackalloc QueryTerms[RowsPerPass];
        Span<float> limits = stackalloc float[RowsPerPass];

        // Places that hold no row have a limit no bound lies below.
        limits.Fill(float.NegativeInfinity);
        for (var q = 0; q < count; q++)
        {
            terms[q] = _bounds.Prepare(_proxies[_rows[first + q]], prepared + (q * bytes));
            (limits[q], found[q]) = (float.PositiveInfinity, []);
        }

        for (var panel = 0; panel < _bounds.Panels; panel++)
        {
            for (var block = 0; block < count; block += perTile)
            {
                if (_bounds.Compute(prepared + (block * bytes), terms[block..], limits[block..], panel, bounds))
                {
                    for (var q = block; q < Math.Min(block + perTile, count); q++)
                    {
                        limits[q] = Shorten(limits[q], first + q, panel * lanes, bounds + ((q - block) * lanes), centres, found[q]);
                    }
                }
            }
        }

        for (var q = 0; q < count; q++)
        {
            _firstOfRow[first + q + 1] = found[q].Count;
        }

        return [.. found.Take(count).SelectMany(f => f)];
    }

    private float Shorten(float limit, int row, int firstCentre, float* bounds, int[] centres, List<(int Time, float Distance)> found)
    {
        for (var lane = 0; lane < _bounds.Lanes; lane += Vector256<float>.Count)
        {
            for (var below = Vector256.LessThan(Vector256.Load(bounds + lane), Vector256.Create(limit)).ExtractMostSignificantBits(); below != 0; below &= below - 1)
            {
                var time = firstCentre + lane + BitOperations.TrailingZeroCount(below);
                if (SquaredDistance.Of(_proxies[_rows[row]], _proxies[_rows[centres[time]]]) is var distance && distance < limit)
                {
                    limit = distance;
                    found.Add((time, distance));
                }
            }
        }

        return limit;
    }

    private (int[] First, (int Row, int Record)[] Records) ByCentre(int centres)
    {
        var first = new int[centres + 1];
        foreach (var time in _times)
        {
            first[time + 1]++;
        }

        for (var time = 0; time < centres; time++)
        {
            first[time + 1] += first[time];
        }

        var (next, records, falling) = ((int[])first.Clone(), new (int Row, int Record)[_times.Length], new float[_times.Length]);
        for (var row = 0; row < _rows.Length; row++)
        {
            for (var record = _firstOfRow[row]; record < _firstOfRow[row + 1]; record++)
            {
                var place = next[_times[record]]++;
                (records[place], falling[place]) = ((row, record), -_distances[record]);
            }
        }

        Parallel.For(0, centres, ComputeThreads.Parallel, time => Array.Sort(falling, records, first[time], first[time + 1] - first[time]));
        return (first, records);
    }
}
