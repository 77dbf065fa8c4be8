using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Inspection;

/// <summary>Times the stages of one inspection, one after the other.</summary>
internal sealed class StageClock(TimeProvider time, TimeSpan queued)
{
    private long _lap = time.GetTimestamp();

    public StageTimings Timings { get; private set; } = new() { Queue = queued.TotalMilliseconds };

    public void Grabbed() => Timings = Timings with { Grab = Lap() };

    public void Extracted() => Timings = Timings with { Features = Lap() };

    public void Scored() => Timings = Timings with { Score = Lap() };

    private double Lap()
    {
        var start = _lap;
        _lap = time.GetTimestamp();
        return time.GetElapsedTime(start, _lap).TotalMilliseconds;
    }
}
