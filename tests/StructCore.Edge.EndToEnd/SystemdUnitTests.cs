using System.Globalization;
using System.Text.RegularExpressions;

namespace StructCore.Tests;

/// <summary>The unit, as systemd itself reads it.</summary>
public sealed partial class SystemdUnitTests : IDisposable
{
    private const string Tool = "/usr/bin/systemd-analyze";

    // What is left is what cameras, broker and a JIT need: devices, network, writable code pages.
    private const double HighestExposure = 2.0;

    private static readonly string Unit = Path.Combine(SharedFiles.Repository, "systemd", "structcore-edge.service");
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-unit-").FullName;

    private string Copy => Path.Combine(_folder, "structcore-edge.service");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Unit_Verified_HasNothingToComplainOf()
    {
        // systemd asks whether the program is there: here it lies where it was built.
        var text = await File.ReadAllTextAsync(Unit);
        Assert.Contains("ExecStart=/usr/lib/structcore-edge/structcore run", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Copy, text.Replace("/usr/lib/structcore-edge/structcore", Structcore.Executable, StringComparison.Ordinal));
        var (code, said) = await AnalyzeAsync("verify", Copy);

        Assert.DoesNotContain("structcore-edge", said, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Unit_Exposure_StaysLow()
    {
        File.Copy(Unit, Copy);
        var (_, said) = await AnalyzeAsync("security", "--offline=true", "--no-pager", Copy);
        var exposure = double.Parse(Exposure().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.InRange(exposure, 0.1, HighestExposure);
    }

    [Fact]
    public async Task Unit_Times_FitTheAgents()
    {
        var text = await File.ReadAllTextAsync(Unit);
        Assert.Contains("Type=notify", text, StringComparison.Ordinal);
        Assert.True(Seconds(text, "TimeoutStopSec") > Edge.AgentHost.ShutdownTimeout.TotalSeconds + 5, "systemd must not kill an agent that is still answering what it accepted");

        static double Seconds(string unit, string key) => double.Parse(Regex.Match(unit, $@"(?m)^{key}=(\d+)$").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<(int Code, string Said)> AnalyzeAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Tool), $"needs '{Tool}' (Debian package systemd)");
        await using var process = new ToolProcess(Tool, arguments);
        var code = await process.WaitAsync();
        return (code, process.Output + process.Error);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Exposure();
}
