using System.Diagnostics;
using StructCore.Edge.Simulation.Demo;

namespace StructCore.Edge.Tests.Simulation.Demo;

public sealed class ChildProcessTests : IDisposable
{
    private readonly string _log = Path.GetTempFileName();

    [Fact]
    public async Task Dispose_RunningChild_EndsIt()
    {
        var child = ChildProcess.Start("sleep", ["600"], _log);
        var id = child.Id;

        await child.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public async Task WaitForExit_ChildThatFails_KeepsItsCodeAndLastWords()
    {
        await using var child = ChildProcess.Start("sh", ["-c", "echo one; echo two >&2; exit 3"], _log);

        Assert.Equal(3, await child.WaitForExitAsync(CancellationToken.None));
        Assert.Contains("one", child.Tail, StringComparison.Ordinal);
        Assert.Contains("two", child.Tail, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_log);
}
