namespace StructCore.Edge.Benchmarking;

/// <summary>Times calls that are warm: for a quarter of the time nothing is counted.</summary>
internal sealed class CallTimer(TimeProvider time, TimeSpan duration, int fewestCalls)
{
    private const int WarmUpShare = 4;
    private const int FewestWarmUps = 2;

    /// <summary>Calls <paramref name="work"/> until the time is over and the fewest calls are done; it is told how many calls went before.</summary>
    public BenchRow Measure(string stage, int batch, Action<int> work, CancellationToken cancellationToken)
    {
        Repeat(work, duration / WarmUpShare, FewestWarmUps, [], cancellationToken);
        var times = new List<double>(1 << 16);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Repeat(work, duration, fewestCalls, times, cancellationToken);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        times.Sort();
        var median = times[times.Count / 2];
        return new BenchRow
        {
            Stage = stage,
            Batch = batch,
            Calls = times.Count,
            MedianMs = median,
            P99Ms = times[(int)Math.Ceiling(0.99 * times.Count) - 1],
            ImagesPerSecond = 1000 * batch / median,
            AllocatedBytesPerImage = (double)allocated / times.Count / batch,
        };
    }

    private void Repeat(Action<int> work, TimeSpan least, int fewest, List<double> times, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        for (var call = 0; call < fewest || time.GetElapsedTime(begin) < least; call++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = time.GetTimestamp();
            work(call);
            times.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
