using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StructCore.Tests;

/// <summary>The built executable, running <c>structcore run</c>.</summary>
internal sealed partial class AgentProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public AgentProcess(string configuration)
    {
        var executable = Path.Combine(SharedFiles.Repository, "artifacts", "bin", "StructCore.Edge", "release", "structcore");
        var start = new ProcessStartInfo(executable, ["run", "--config", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

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

    /// <summary>What it wrote, once it has ended.</summary>
    public async Task<string> OutputAsync() => await _output + await _error;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
