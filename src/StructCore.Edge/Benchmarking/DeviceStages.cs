using StructCore.Vision.Inference;

namespace StructCore.Edge.Benchmarking;

/// <summary>The stages of a score on a device, which do not run one by one: as the scorer itself times them.</summary>
internal sealed class DeviceStages(CallTimer timer, ImageScorer scorer, BankSet banks, BenchFrames frames)
{
    public IReadOnlyList<BenchRow> Measure(int batch, CancellationToken cancellationToken)
    {
        var (passes, turns) = (new List<StageTimes>(), new int[batch]);
        var score = timer.Measure(BenchStage.Score, batch, call =>
        {
            frames.Turns(call, turns);
            var inspected = scorer.Score(Array.ConvertAll(turns, i => new ImageToScore(frames.Images[i], banks)), cancellationToken);
            passes.Add(inspected.Aggregate(default(StageTimes), (sum, i) => new(sum.Features + i.Times.Features, sum.Routing + i.Times.Routing, sum.Scoring + i.Times.Scoring)));
        }, cancellationToken);

        // The calls before them only warmed up.
        var counted = passes[^score.Calls..];
        return [Row(BenchStage.Features, t => t.Features), Row(BenchStage.Routing, t => t.Routing), Row(BenchStage.Scoring, t => t.Scoring)];

        BenchRow Row(string stage, Func<StageTimes, TimeSpan> of) => BenchRow.Of(stage, batch, [.. counted.Select(t => of(t).TotalMilliseconds)]);
    }
}
