using System.Diagnostics;
using System.Text;

namespace StructCore.Tests;

/// <summary>A process of a test: what it says is kept, and it does not outlive the test.</summary>
internal class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ToolProcess(string file, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output; all of it once it has ended.</summary>
    public string Output => Read(_output);

    /// <summary>What it has written to standard error; all of it once it has ended.</summary>
    public string Error => Read(_error);

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal(ProcessSignal.Terminate);
        return await WaitAsync();
    }

    public void Signal(int signal) => _process.Send(signal);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitAsync();
    }

    /// <summary>Waits for its end: the exit code.</summary>
    public async Task<int> WaitAsync(TimeSpan? patience = null)
    {
        await _process.WaitForExitAsync().WaitAsync(patience ?? Patience);
        return _process.ExitCode;
    }

    /// <summary>Waits until it has written this to standard output.</summary>
    public Task WaitForOutputAsync(string text) => WaitForOutputAsync(output => output.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until its standard output satisfies the condition.</summary>
    public async Task WaitForOutputAsync(Func<string, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition(Output))
            {
                return;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"'{_process.StartInfo.FileName}' did not say {what}. It said:\n{Output}\n{Error}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private string Read(StringBuilder text)
    {
        lock (_gate)
        {
            return text.ToString();
        }
    }

    private void Note(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            text.Append(line).Append('\n');
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
