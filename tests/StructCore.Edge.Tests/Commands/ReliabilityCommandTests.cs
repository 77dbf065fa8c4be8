using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class ReliabilityCommandTests(FittedProducts products) : IDisposable
{
    // All but held-out, for which six images are too few.
    private static readonly string[] Calibrations = ["paper", "leave-one-out", "conformal-ten-fold", "conformal-refilled", "conformal-leave-one-image-out"];

    private const int GoodTestImages = FittedProducts.TestImages / 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Reliability_OfADataset_WritesARowPerCategoryCalibrationAndRateAndRepeatsThem()
    {
        var (first, second) = (Path.Combine(_folder, "deep", "1.json"), Path.Combine(_folder, "2.json"));

        Assert.Equal(0, await RunAsync(["--images", products.Images, "--category", "disc", "stripes", "--splits", "2", "--json", first, "--calibration", .. Calibrations]));
        Assert.Equal(0, await RunAsync(["--images", products.Images, "--category", "disc", "stripes", "--splits", "2", "--json", second, "--calibration", .. Calibrations]));

        Assert.Equal(File.ReadAllText(first), File.ReadAllText(second));
        using var document = JsonDocument.Parse(File.ReadAllBytes(first));
        var root = document.RootElement;
        Assert.Equal(["backbone", "splits", "default", "rows", "detection"], Keys(root));
        var rows = root.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(2 * Calibrations.Length * ReliabilityTable.NominalRates.Count, rows.Length);
        Assert.All(rows, row => Assert.Equal(["category", "calibration", "nominal", "measured", "low", "high", "miss", "trials"], Keys(row)));
        Assert.All(rows, row => Assert.Equal(2 * GoodTestImages, row.GetProperty("trials").GetInt32()));
        Assert.All(rows, row => Assert.InRange(row.GetProperty("measured").GetDouble(), row.GetProperty("low").GetDouble(), row.GetProperty("high").GetDouble()));
        Assert.Contains(rows, row => row.GetProperty("calibration").GetString() == root.GetProperty("default").GetString());

        // A bright square is found, whatever the threshold rests on.
        Assert.All(root.GetProperty("detection").EnumerateArray(), row => Assert.Equal(1, row.GetProperty("auroc").GetDouble()));
    }

    [Fact]
    public async Task Reliability_OfNamedCalibrations_PrintsThoseOnly()
    {
        Assert.Equal(0, await RunAsync("--images", products.Images, "--category", "disc", "--splits", "1", "--calibration", "paper", "conformal-k-fold"));

        Assert.Contains("paper", _output.ToString());
        Assert.Contains("conformal-k-fold", _output.ToString());
        Assert.DoesNotContain("leave-one-out", _output.ToString());
    }

    [Fact]
    public async Task Reliability_OfTooFewImagesToHoldSomeOut_FailsWithTheirNumber()
    {
        Assert.Equal(1, await RunAsync("--images", products.Images, "--category", "disc", "--calibration", "conformal-held-out"));

        Assert.Contains("got 2", _error.ToString());
    }

    [Fact]
    public async Task Reliability_OfAFolderWithoutGoodTestImages_FailsWithTheRemedy()
    {
        Assert.Equal(1, await RunAsync("--images", Path.Combine(products.Images, "disc", "train", "good")));

        Assert.Contains("test/good", _error.ToString());
    }

    [Fact]
    public async Task Reliability_WhereACategoryFails_KeepsTheRowsOfThoseBeforeIt()
    {
        var (images, json) = (Path.Combine(_folder, "images"), Path.Combine(_folder, "rows.json"));
        Link("disc", Path.Combine(products.Images, "disc"));
        Link(Path.Combine("stripes", "train"), Path.Combine(products.Images, "stripes", "train"));
        Link(Path.Combine("stripes", "test", "defect"), Path.GetDirectoryName(products.Defective("stripes"))!);

        Assert.Equal(1, await RunAsync("--images", images, "--splits", "1", "--calibration", "paper", "--json", json));

        Assert.Contains("'stripes' has no good test image", _error.ToString());
        using var document = JsonDocument.Parse(File.ReadAllBytes(json));
        Assert.All(document.RootElement.GetProperty("rows").EnumerateArray(), row => Assert.Equal("disc", row.GetProperty("category").GetString()));
        Assert.Equal(1, document.RootElement.GetProperty("detection").GetArrayLength());

        void Link(string path, string target)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(images, path))!);
            Directory.CreateSymbolicLink(Path.Combine(images, path), target);
        }
    }

    [Fact]
    public async Task Reliability_OfAnUnknownCalibration_IsRefused()
    {
        Assert.NotEqual(0, await RunAsync("--images", products.Images, "--calibration", "guess"));

        Assert.Contains("guess", _error.ToString());
    }

    [Fact]
    public void Default_OfFit_IsAmongTheCandidates() => Assert.True(CandidateCalibration.Of(new FitOptions()).Conformal);

    private static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLineRunner.RunAsync(["reliability", .. arguments, "--backbone", SharedFiles.EmbeddedBackbone, "--models", FittedProducts.Models], _output, _error);
}
