using System.Text.Json;

namespace StructCore.Tests;

/// <summary><c>bench</c> as a newcomer runs it, but shorter.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task Bench_WithoutConfiguration_MeasuresTheEmbeddedBackbone()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = await Structcore.RunAsync("bench", "--seconds", "0.01", "--repeats", "2", "--batch", "1", "--size", "128", "--json", folder["bench.json"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("proc-r10 on cpu in fp32, frames of 128 x 128", output, StringComparison.Ordinal);
        Assert.All(["decode", "preprocess", "backbone", "routing", "knn", "map", "score", "whole"], stage => Assert.Matches($@"(?m)^\s+{stage}\s+1\s", output));
        Assert.Equal(8, JsonDocument.Parse(await File.ReadAllBytesAsync(folder["bench.json"])).RootElement.GetProperty("rows").GetArrayLength());
    }
}
