using Spectre.Console;
using StructCore.Edge.Downloads;

namespace StructCore.Edge.Commands;

/// <summary>A bar on standard error with rate and time left; nothing where that is no terminal.</summary>
internal static class DownloadProgress
{
    public static async Task<T> ShowAsync<T>(string what, TextWriter error, Func<IProgress<DownloadState>?, Task<T>> work)
    {
        if (error != Console.Error || Console.IsErrorRedirected)
        {
            return await work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(what)))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<DownloadState>
    {
        public void Report(DownloadState value)
        {
            task.IsIndeterminate = value.Total is null;
            task.MaxValue = value.Total ?? value.Received;
            task.Value = value.Received;
        }
    }
}
