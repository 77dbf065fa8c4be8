namespace StructCore.Edge.Benchmarking;

/// <summary>Times calls that are warm: for a quarter of the time nothing is counted.</summary>
/// <param name="time">The clock.</param>
/// <param name="duration">How long calls are timed.</param>
/// <param name="fewestCalls">How many are, however long they take.</param>
internal sealed class CallTimer(TimeProvider time, TimeSpan duration, int fewestCalls)
{
    private const int WarmUpShare = 4;
    private const int WarmUpTimes = 4;
    private const int FewestWarmUps = 2;

    // Room for the times, so that keeping them allocates nothing while it is measured.
    private readonly List<double> _times = new(1 << 16);

    /// <summary>Repeats <paramref name="work"/> without counting: the runtime compiles what is called often once more, and better, only after a while.</summary>
    public void WarmUp(Action<int> work, CancellationToken cancellationToken) => Repeat(work, WarmUpTimes * duration, FewestWarmUps, cancellationToken);

    /// <summary>Repeats <paramref name="work"/>, which is told how many calls went before it.</summary>
    public BenchRow Measure(string stage, int batch, Action<int> work, CancellationToken cancellationToken)
    {
        Repeat(work, duration / WarmUpShare, FewestWarmUps, cancellationToken);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Repeat(work, duration, fewestCalls, cancellationToken);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return BenchRow.Of(stage, batch, _times) with { AllocatedBytesPerImage = (double)allocated / _times.Count / batch };
    }

    private void Repeat(Action<int> work, TimeSpan least, int fewest, CancellationToken cancellationToken)
    {
        _times.Clear();
        var begin = time.GetTimestamp();
        for (var call = 0; call < fewest || time.GetElapsedTime(begin) < least; call++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = time.GetTimestamp();
            work(call);
            _times.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
