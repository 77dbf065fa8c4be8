using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class BenchCommandTests(FittedProducts products) : IDisposable
{
    // As short as it gets: what is measured here is what comes out, not how long it takes.
    private static readonly string[] Short = ["--seconds", "0.001", "--repeats", "1", "--size", "64", "--rows", "50", "--batch", "1", "3"];

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Json => _folder["bench.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bench_WithoutConfiguration_MeasuresEveryStageAtEveryBatchSize()
    {
        Assert.Equal(0, await RunAsync([.. Short, "--json", Json]));

        var report = JsonDocument.Parse(File.ReadAllBytes(Json)).RootElement;
        Assert.Equal(["schema", "machine", "setup", "rows", "left_out", "peak_megabytes"], Names(report));
        Assert.Equal(1, report.GetProperty("schema").GetInt32());
        Assert.Equal(["program", "onnx_runtime", "dotnet", "system", "cpu", "cores"], Names(report.GetProperty("machine")).Where(n => n != "gpu"));
        var setup = report.GetProperty("setup");
        Assert.Equal(("proc-r10", "cpu", "fp32", 50, 64), (Text(setup, "backbone"), Text(setup, "provider"), Text(setup, "precision"), setup.GetProperty("bank_rows").GetInt32(), setup.GetProperty("frame_width").GetInt32()));
        var rows = report.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(
            ["decode 1", "decode 3", "preprocess 1", "preprocess 3", "backbone 1", "backbone 3", "routing 1", "routing 3", "knn 1", "knn 3", "map 1", "map 3", "score 1", "score 3", "whole 1", "whole 3"],
            rows.Select(r => $"{Text(r, "stage")} {r.GetProperty("batch")}"));
        Assert.All(rows, r => Assert.Equal(["stage", "batch", "calls", "median_ms", "p99_ms", "images_per_second", "allocated_bytes_per_image"], Names(r)));
        Assert.All(rows, r => Assert.True(r.GetProperty("median_ms").GetDouble() > 0 && r.GetProperty("p99_ms").GetDouble() >= r.GetProperty("median_ms").GetDouble()));
        Assert.True(report.GetProperty("peak_megabytes").GetDouble() > 1);
        Assert.Contains("1 bank(s) of 50 x 192 (synthetic)", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Bench_OfImagesAndABank_TakesThoseAndExportsThem()
    {
        var images = Path.GetDirectoryName(products.Good("disc"))!;
        var bank = Path.Combine(products.Banks, "disc-v1.scbank");

        Assert.Equal(0, await RunAsync([.. Short, "--images", images, "--bank", bank, "--export", _folder["case"], "--json", Json]));

        var setup = JsonDocument.Parse(File.ReadAllBytes(Json)).RootElement.GetProperty("setup");
        Assert.Equal(("disc-v1", FittedProducts.Side), (Text(setup, "bank"), setup.GetProperty("frame_height").GetInt32()));
        var count = Directory.GetFiles(images).Length;
        Assert.Equal(BankFile.Read(bank).Memory.Values.ToArray(), BankFile.Read(Path.Combine(_folder["case"], "disc-v1.scbank")).Memory.Values.ToArray());
        Assert.Equal(count * 224 * 224 * 3, new FileInfo(Path.Combine(_folder["case"], "crops.u1")).Length);
        var scores = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder["case"], "scores.json"))).RootElement;
        Assert.Equal(Enumerable.Repeat("disc", count), scores.GetProperty("category").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(count, scores.GetProperty("hybrid").GetArrayLength());
    }

    [Fact]
    public async Task Bench_AgainstAnotherBackbone_RefusesBeforeItMeasures()
    {
        Assert.Equal(0, await RunAsync([.. Short, "--batch", "1", "--json", Json]));
        File.WriteAllText(Json, File.ReadAllText(Json).Replace("\"backbone_sha256\": \"b", "\"backbone_sha256\": \"c", StringComparison.Ordinal));
        _output.GetStringBuilder().Clear();

        Assert.Equal(1, await RunAsync([.. Short, "--against", Json]));
        Assert.Contains("was measured with backbone 'proc-r10' (sha256 c", _error.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Bench_AgainstItself_PrintsRatiosWithoutWarnings()
    {
        Assert.Equal(0, await RunAsync([.. Short, "--json", Json]));
        Assert.Equal(0, await RunAsync([.. Short, "--against", Json]));
        Assert.Contains($"Against {Json}", _output.ToString());
        Assert.DoesNotContain("Warning", _output.ToString());
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("tensorrt")]
    public async Task Bench_OnAGpuThatIsNotThere_FailsWithTheReason(string provider)
    {
        Assert.Equal(1, await RunAsync([.. Short, "--provider", provider]));
        Assert.Contains("cannot be used", _error.ToString());
        Assert.Contains("scripts/setup --gpu", _error.ToString());
    }

    [Fact]
    public async Task Bench_OfAFolderWithoutImages_FailsWithTheReason()
    {
        Assert.Equal(1, await RunAsync([.. Short, "--images", _folder.Path]));
        Assert.Contains($"There is no image in '{_folder.Path}'", _error.ToString());
    }

    [Theory]
    [InlineData("--batch 0", "--batch takes numbers from 1 to 256.")]
    [InlineData("--batch 1 257", "--batch takes numbers from 1 to 256.")]
    [InlineData("--rows 0", "--rows must be 1 to 1000000.")]
    [InlineData("--rows 1.5", "--rows must be 1 to 1000000.")]
    [InlineData("--size 8", "--size must be 16 to 8192.")]
    [InlineData("--seconds 0", "--seconds takes a number above 0.")]
    [InlineData("--provider gpu", "'gpu'")]
    [InlineData("--precision int8", "'int8'")]
    public async Task Bench_OptionOutOfRange_IsWrongUse(string arguments, string expected)
    {
        Assert.Equal(2, await RunAsync(arguments.Split(' ')));
        Assert.Contains(expected, _error.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(["bench", "--models", FittedProducts.Models, .. arguments], _output, _error, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
