using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StructCore.Edge.Commands;

/// <summary>Bars on standard error with count, rate and time left for long work; nothing where that is no terminal.</summary>
internal sealed class WorkProgress
{
    private readonly ProgressContext? _context;

    private WorkProgress(ProgressContext? context) => _context = context;

    /// <summary>Runs <paramref name="work"/>, which starts a bar for each of its stages.</summary>
    public static T Show<T>(TextWriter error, Func<WorkProgress, T> work)
    {
        if (error != Console.Error || Console.IsErrorRedirected)
        {
            return work(new WorkProgress(null));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new RemainingTimeColumn())
            .Start(context => work(new WorkProgress(context)));
    }

    /// <summary>A bar from 0 to <paramref name="total"/>; report the number done.</summary>
    public IProgress<int> Start(string what, int total) => new Bar(_context?.AddTask(Markup.Escape(what), maxValue: Math.Max(1, total)));

    private sealed class Bar(ProgressTask? task) : IProgress<int>
    {
        public void Report(int value) => task?.Value(value);
    }

    private sealed class CountColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:F0} of {task.MaxValue:F0}, {task.Speed ?? 0:F1}/s"));
    }
}
