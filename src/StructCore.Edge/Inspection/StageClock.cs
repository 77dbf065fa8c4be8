using StructCore.Edge.Verdicts;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>Times the stages of one inspection, one after the other.</summary>
internal sealed class StageClock(TimeProvider time, TimeSpan queued)
{
    private long _lap = time.GetTimestamp();

    public StageTimings Timings { get; private set; } = new() { Queue = queued.TotalMilliseconds };

    public void Grabbed() => Timings = Timings with { Grab = Lap() };

    /// <summary>What the pass took beside scoring, the wait for it included, counts as features.</summary>
    public void Scored(StageTimes pass)
    {
        var score = (pass.Routing + pass.Scoring).TotalMilliseconds;
        Timings = Timings with { Features = Math.Max(0, Lap() - score), Score = score };
    }

    private double Lap()
    {
        var start = _lap;
        _lap = time.GetTimestamp();
        return time.GetElapsedTime(start, _lap).TotalMilliseconds;
    }
}
