namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// What the coreset of all rows tells of one that is chosen among fewer: many centres are the same, and the rows they came near to, with their
/// distances, are on record. Most rows need not be looked at again.
/// </summary>
/// <param name="records">Of the coreset of all rows.</param>
/// <param name="times">Time of each of its centres, by index of the proxies.</param>
/// <param name="rows">All rows, as the records mean them, ascending indices of the proxies.</param>
/// <param name="among">Some of them, ascending: those this is about.</param>
internal sealed class RecordedBounds(CentreRecords records, IReadOnlyDictionary<int, int> times, int[] rows, int[] among) : CentreBounds
{
    private readonly int[] _places = Places(rows, among);

    /// <inheritdoc/>
    public override void Lower(ReadOnlySpan<int> centres, Span<float> nearest)
    {
        foreach (var centre in centres)
        {
            if (!times.TryGetValue(centre, out var time))
            {
                continue;
            }

            foreach (var (row, record) in records.Of(time))
            {
                if (_places[row] is >= 0 and var place)
                {
                    nearest[place] = Math.Min(nearest[place], records.Distance(record));
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <summary>Where each row stands among the chosen; -1 where it does not.</summary>
    private static int[] Places(int[] rows, int[] among)
    {
        var (places, next) = (new int[rows.Length], 0);
        for (var i = 0; i < rows.Length; i++)
        {
            places[i] = next < among.Length && among[next] == rows[i] ? next++ : -1;
        }

        return places;
    }
}
