using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// The coresets of all rows but those of one image, each as <see cref="KCenterGreedySampler"/> chooses it from the rest, from the work that the
/// coreset of all rows took: what an image leaves behind is local, so that only the rows near its centres and near their replacements are looked at.
/// </summary>
/// <remarks>Immutable; safe to use from any thread, several at a time.</remarks>
internal sealed class LeftOutCoresets
{
    private readonly ProxyRows _proxies;
    private readonly int[] _rows;
    private readonly int[] _centres;
    private readonly CentreRecords _records;
    private readonly double[] _sums = new double[Coreset.ProxyWidth];
    private readonly float[] _fromMean;
    private readonly int[] _farthestFirst;

    /// <param name="proxies">All rows.</param>
    /// <param name="rows">The rows to choose from, ascending; below, a place is one in this list.</param>
    /// <param name="coreset">Those the sampler chose among them, in its order; <see cref="Longer"/> than what is asked for without an image.</param>
    public LeftOutCoresets(ProxyRows proxies, int[] rows, int[] coreset)
    {
        (_proxies, _rows) = (proxies, rows);
        _centres = Array.ConvertAll(coreset, row => Array.BinarySearch(rows, row));
        _records = new CentreRecords(proxies, rows, _centres);
        for (var place = 0; place < rows.Length; place++)
        {
            Add(_sums, Row(place), 1);
        }

        var mean = Mean(_sums, rows.Length);
        _fromMean = new float[rows.Length];
        Parallel.For(0, rows.Length, ComputeThreads.Parallel, place => _fromMean[place] = SquaredDistance.Of(Row(place), mean));
        _farthestFirst = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(Array.ConvertAll(_fromMean, d => -d), _farthestFirst);
    }

    /// <summary>Rows to choose from.</summary>
    public int Rows => _rows.Length;

    /// <summary>Centres in the coreset of all rows.</summary>
    public int Centres => _centres.Length;

    /// <summary>The records of those centres.</summary>
    public CentreRecords Records => _records;

    /// <summary>How long a coreset of all rows must be, so that shorter ones without an image can lean on it.</summary>
    public static int Longer(int size, int rows) => Math.Min(rows, size + 16 + (size / 32));

    /// <summary>The coreset of the rows outside <paramref name="first"/>, <paramref name="count"/>: the list the sampler gives for them.</summary>
    /// <param name="first">Place of the first row that is left out.</param>
    /// <param name="count">How many are.</param>
    /// <param name="size">n.</param>
    /// <returns>Indices of the proxies' rows, in the order they were chosen.</returns>
    public int[] Without(int first, int count, int size)
    {
        var places = FirstCentre(first, count) == _centres[0] ? new LeftOutRun(this, first, count).Choose(size) : null;

        // Few images hold what everything else leans on: the first centre, or the last of the list.
        return places is not null ? Array.ConvertAll(places, p => _rows[p]) : KCenterGreedySampler.Sample(_proxies, size, [.. _rows[..first], .. _rows[(first + count)..]], threads: 1);
    }

    /// <summary>The centre of a time, as a place.</summary>
    public int Centre(int time) => _centres[time];

    /// <summary>The proxy of a place, [128].</summary>
    public ReadOnlySpan<float> Row(int place) => _proxies[_rows[place]];

    /// <summary>The row farthest from the mean of the others; the mean moves little, so that only the farthest from the mean of all can be it.</summary>
    private int FirstCentre(int first, int count)
    {
        var sums = (double[])_sums.Clone();
        for (var place = first; place < first + count; place++)
        {
            Add(sums, Row(place), -1);
        }

        var mean = Mean(sums, _rows.Length - count);
        var moved = MathF.Sqrt(SquaredDistance.Of(mean, Mean(_sums, _rows.Length)));
        var (farthest, distance, least) = (-1, float.NegativeInfinity, float.NegativeInfinity);
        foreach (var place in _farthestFirst)
        {
            if (place >= first && place < first + count)
            {
                continue;
            }

            if (MathF.Sqrt(_fromMean[place]) < least)
            {
                break;
            }

            var d = SquaredDistance.Of(Row(place), mean);
            if (d > distance || (d == distance && place < farthest))
            {
                (farthest, distance) = (place, d);
            }

            // What is so much nearer to the old mean cannot be farther from the new one; a little more for what is rounded.
            least = (0.999f * MathF.Sqrt(distance)) - moved;
        }

        return farthest;
    }

    private static void Add(double[] sums, ReadOnlySpan<float> row, int sign)
    {
        for (var d = 0; d < sums.Length; d++)
        {
            sums[d] += sign * row[d];
        }
    }

    private static float[] Mean(double[] sums, int count) => Array.ConvertAll(sums, s => (float)(s / count));
}
