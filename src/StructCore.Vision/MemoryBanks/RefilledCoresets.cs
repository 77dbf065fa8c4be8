namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// What a coreset comes to without one of its images, nearly: the centres of the others stay, and what of the others only the image's centres had
/// covered gets centres of its own again, the farthest row first, until every row is as near to a centre as the coreset of all brings it.
/// </summary>
/// <remarks>Immutable; safe to use from any thread, several at a time.</remarks>
internal sealed class RefilledCoresets
{
    // What rounding may hide of a distance, many times over.
    private const float Outward = 1.001f;

    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly int[] _centres;
    private readonly CentreRecords _records;
    private readonly float _radius;

    /// <param name="proxies">All rows.</param>
    /// <param name="rows">The rows the coreset was chosen from, ascending; below, a place is one in this list.</param>
    /// <param name="centres">The places that were chosen, in their order.</param>
    /// <param name="records">Theirs.</param>
    public RefilledCoresets(ProxyRows proxies, int[] rows, int[] centres, CentreRecords records)
    {
        (_proxies, _rows, _centres, _records) = (proxies, rows, centres, records);
        _radius = Enumerable.Range(0, _centres.Length).Max(FarthestOf);
    }

    /// <summary>The rows that fill what is left open by an image, in the order they were chosen.</summary>
    /// <param name="first">Place of the image's first row.</param>
    /// <param name="count">How many it has.</param>
    /// <returns>Indices of the proxies' rows; none where the others' centres cover everything.</returns>
    public int[] Without(int first, int count)
    {
        var (open, distances) = Open(first, count);
        return [.. FarthestFirst.Beyond(_radius, distances, (i, farthest) => Between(open[i], open[farthest])).Select(i => _rows[open[i]])];
    }

    /// <summary>The places farther than the radius from all other images' centres, ascending, so that ties go to the lowest; and how far.</summary>
    private (int[] Places, float[] Distances) Open(int first, int count)
    {
        var (places, distances) = (new List<int>(), new List<float>());
        var others = Enumerable.Range(0, _centres.Length).Where(time => !IsOf(_centres[time])).Select(time => _centres[time]).ToArray();
        var (near, away) = (new int[others.Length], new float[others.Length]);
        for (var time = 0; time < _centres.Length; time++)
        {
            if (!IsOf(_centres[time]))
            {
                continue;
            }

            var known = false;
            foreach (var (place, record) in _records.Of(time))
            {
                if (IsOf(place) || _records.NextTime(place, record) != int.MaxValue || WasCovered(place, record))
                {
                    continue;
                }

                if (!known)
                {
                    known = true;
                    others.CopyTo(near, 0);
                    away = Array.ConvertAll(others, other => Between(_centres[time], other));
                    Array.Sort(away, near);
                }

                if (FromOthers(place, _records.Distance(record), near, away) is var distance && distance > _radius)
                {
                    places.Add(place);
                    distances.Add(distance);
                }
            }
        }

        int[] ascending = [.. places];
        float[] apart = [.. distances];
        Array.Sort(ascending, apart);
        return (ascending, apart);

        bool IsOf(int place) => place >= first && place < first + count;

        // By a centre of another image, before this image's came nearer.
        bool WasCovered(int place, int record)
        {
            for (var before = _records.First(place); before < record; before++)
            {
                if (_records.Distance(before) <= _radius && !IsOf(_centres[_records.Time(before)]))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>How far the nearest of other images' centres is, or any that covers the place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="own">Its distance to the centre that falls away.</param>
    /// <param name="near">Other centres, those nearest to that centre first.</param>
    /// <param name="away">How far from that centre they are: by the triangle the place is nearer to none than the difference of both.</param>
    private float FromOthers(int place, float own, int[] near, float[] away)
    {
        var nearest = float.PositiveInfinity;
        for (var i = 0; i < near.Length && nearest > _radius && MathF.Sqrt(away[i]) <= Outward * (MathF.Sqrt(nearest) + MathF.Sqrt(own)); i++)
        {
            nearest = Math.Min(nearest, Between(place, near[i]));
        }

        return nearest;
    }

    /// <summary>Of the rows that a centre is the nearest to.</summary>
    private float FarthestOf(int time)
    {
        foreach (var (place, record) in _records.Of(time))
        {
            // The farthest come first.
            if (_records.NextTime(place, record) == int.MaxValue)
            {
                return _records.Distance(record);
            }
        }

        return 0;
    }

    private float Between(int place, int other) => SquaredDistance.Of(_proxies[_rows[place]], _proxies[_rows[other]]);
}
