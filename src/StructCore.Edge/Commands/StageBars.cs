using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary>One bar per stage of a category's work, begun when the stage first reports.</summary>
internal sealed class StageBars(string category, WorkProgress progress) : IProgress<FitProgress>
{
    private readonly Dictionary<string, IProgress<int>> _bars = [];

    public void Report(FitProgress value)
    {
        if (!_bars.TryGetValue(value.Stage, out var bar))
        {
            _bars[value.Stage] = bar = progress.Start($"{category}: {value.Stage}", value.Total);
        }

        bar.Report(value.Done);
    }
}
