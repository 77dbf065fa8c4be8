namespace StructCore.Tests;

/// <summary>What a run leaves behind and tells the outside of itself: nothing it was not asked for.</summary>
public sealed class SilenceTests(FittedParts parts) : IDisposable
{
    private const int LongestPath = 4000;
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    /// <summary>ONNX Runtime's telemetry would keep a log and a database, and fall over a command line of this length.</summary>
    [Fact]
    public async Task Score_WithALongCommandLine_LeavesNothingInTemporaryFolderAndHome()
    {
        var image = Path.Combine(parts.Sure, "flange-good.png");
        var padded = Path.Combine(parts.Sure, string.Concat(Enumerable.Repeat("./", (LongestPath - image.Length) / 2)), Path.GetFileName(image));
        var (temporary, home) = (Directory.CreateDirectory(Path.Combine(_home.Path, "tmp")), Directory.CreateDirectory(Path.Combine(_home.Path, "home")));
        await using var process = new ToolProcess(
            "env",
            [$"TMPDIR={temporary.FullName}", $"HOME={home.FullName}", "DOTNET_EnableDiagnostics=0", Structcore.Executable, "score", "--banks", parts.Banks, "--category", "flange", .. Enumerable.Repeat(padded, 12)]);

        Assert.True(await process.WaitAsync() == 0, process.Error);
        Assert.Empty(temporary.EnumerateFileSystemInfos());
        Assert.Empty(home.EnumerateFileSystemInfos());
    }
}
