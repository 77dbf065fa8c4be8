using System.Text.Json;

namespace StructCore.Tests;

/// <summary><c>scripts/bench-gpu</c> as far as a machine without a GPU goes: the parts it is carried in, and both sides on the processor.</summary>
public sealed class BenchGpuTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parts_CarriedInAnyOrder_AreUnpackedAndRunWithTheLast()
    {
        RequirePython();
        var random = new byte[70_000];
        new Random(1).NextBytes(random);
        var transfers = await PackAsync(random);
        Assert.Equal(3, transfers.Length);
        Assert.All(transfers.SelectMany(t => Directory.GetFiles(t, "part-*")), p => Assert.InRange(new FileInfo(p).Length, 1, 16384));

        Assert.Equal((3, "receive.py: taken in; still missing: transfer 1, 2 of 3."), await ReceiveAsync(transfers[2]));
        Assert.Equal((3, "receive.py: taken in; still missing: transfer 2 of 3."), await ReceiveAsync(transfers[0]));

        // run.py of this test says what it was given and ends with a code of its own.
        Assert.Equal((7, "ran with --size tiny"), await ReceiveAsync(transfers[1], "--", "--size", "tiny"));
        Assert.Equal(random, File.ReadAllBytes(Path.Combine(_folder["there"], "unpacked", "program", "library.so")));
        await using var tool = new ToolProcess(Path.Combine(_folder["there"], "unpacked", "program", "tool"), []);
        Assert.Equal(0, await tool.WaitAsync());
    }

    [Fact]
    public async Task Parts_OneOfThemDamaged_AreRefusedByName()
    {
        RequirePython();
        var transfer = Assert.Single(await PackAsync([1, 2, 3]));
        var part = Path.Combine(transfer, "part-001");
        var bytes = File.ReadAllBytes(part);
        bytes[^1] ^= 1;
        File.WriteAllBytes(part, bytes);

        await using var process = new ToolProcess(Python, [Path.Combine(transfer, "receive.py"), "--into", _folder["there"]]);
        Assert.Equal(1, await process.WaitAsync());
        Assert.Contains($"'{part}' is damaged", process.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder["there"], "unpacked")));
    }

    [Fact]
    public async Task Script_WithoutAGpu_SaysSoAndEndsWithFour()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "nvidia-smi"))), "there is an NVIDIA driver here");
        await using var process = new ToolProcess(Path.Combine(SharedFiles.Repository, "scripts", "bench-gpu"), []);

        Assert.Equal(4, await process.WaitAsync());
        Assert.Contains("there is no NVIDIA GPU here", process.Error, StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task Comparison_OnTheProcessor_FindsTheSameScoresInPyTorch()
    {
        RequirePython();
        await using (var torch = new ToolProcess(Python, ["-c", "import torch, numpy"]))
        {
            Assert.SkipUnless(await torch.WaitAsync(Patience) == 0, "needs Debian's python3-torch and python3-numpy, which are not installed");
        }

        await using var process = new ToolProcess(Python,
        [
            Tool("run.py"), "--cpu", "--structcore", Structcore.Executable, "--out", _folder["out"], "--work", _folder["work"],
            "--size", "tiny", "--rows", "100", "--batch", "2", "--seconds", "0.01", "--mode", "eager",
        ]);
        var code = await process.WaitAsync(Patience);

        Assert.True(code == 0, process.Output + process.Error);
        var result = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder["out"], "comparison.json"))).RootElement;
        Assert.Equal(
            ["structcore cpu 2", "pytorch eager 2"],
            result.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("side").GetString()} {r.GetProperty("batch")}"));
        Assert.All(result.GetProperty("scores").EnumerateArray(), s => Assert.InRange(s.GetProperty("largest_relative_difference").GetDouble(), 0, 1e-4));
        Assert.Contains("| pytorch eager | fp32 | 2 |", process.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["out"], "comparison.md")));
    }

    private static void RequirePython() => Assert.SkipUnless(File.Exists(Python), $"needs '{Python}'");

    private static string Tool(string name) => Path.Combine(SharedFiles.Repository, "tests", "StructCore.Benchmarks", "Gpu", name);

    /// <summary>A program, and a run.py, in parts of 16 KiB, two to a transfer.</summary>
    private async Task<string[]> PackAsync(byte[] library)
    {
        var source = _folder["source"];
        Directory.CreateDirectory(Path.Combine(source, "program"));
        await File.WriteAllBytesAsync(Path.Combine(source, "program", "library.so"), library);
        File.Copy("/bin/true", Path.Combine(source, "program", "tool"));
        await File.WriteAllTextAsync(Path.Combine(source, "run.py"), "import sys\nprint('ran with', *sys.argv[1:])\nsys.exit(7)\n");
        await using var process = new ToolProcess(Python, [Tool("pack.py"), source, _folder["packed"], "--part-mib", "0.015625", "--parts", "2", "--preset", "0"]);
        Assert.Equal(0, await process.WaitAsync());
        return [.. Directory.GetDirectories(_folder["packed"]).Order(StringComparer.Ordinal)];
    }

    private async Task<(int Code, string Output)> ReceiveAsync(string transfer, params string[] arguments)
    {
        await using var process = new ToolProcess(Python, [Path.Combine(transfer, "receive.py"), "--into", _folder["there"], .. arguments]);
        return (await process.WaitAsync(), process.Output.Trim());
    }
}
