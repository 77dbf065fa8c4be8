using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace StructCore.Tests;

/// <summary>The built executable, running <c>structcore run</c>.</summary>
internal sealed partial class AgentProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AgentProcess(string configuration)
    {
        var executable = Path.Combine(SharedFiles.Repository, "artifacts", "bin", "StructCore.Edge", "release", "structcore");
        var start = new ProcessStartInfo(executable, ["run", "--config", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Assert.Equal(0, Kill(_process.Id, Terminate));
        return await WaitAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitAsync();
    }

    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>What it has written; all of it once it has ended.</summary>
    public string Output()
    {
        lock (_gate)
        {
            return _output.ToString();
        }
    }

    /// <summary>Waits until it has written this.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (Output().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await changed.WaitAsync(Patience);
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

    private void Note(string? line)
    {
        lock (_gate)
        {
            _output.AppendLine(line);
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
