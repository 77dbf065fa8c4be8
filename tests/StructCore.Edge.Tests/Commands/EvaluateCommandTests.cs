using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class EvaluateCommandTests(FittedProducts products) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("structcore-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Evaluate_Dataset_PrintsEveryFigureAndWritesTheJsonItPromises()
    {
        var json = Path.Combine(_folder, "deep", "evaluation.json");

        Assert.Equal(0, await RunAsync("--images", products.Images, "--banks", products.Banks, "--json", json));

        Assert.Equal("structcore: left out, for want of a bank: ring." + Environment.NewLine, _error.ToString());
        foreach (var word in new[] { "disc", "stripes", "mean", "base", "struct", "hybrid", "AUROC", "AUPRO", "false rejects", "misses", "train images", "bank rows", "right", "Refused as an unknown product", "caught without its bank", "Milliseconds per image" })
        {
            Assert.Contains(word, _output.ToString());
        }

        Assert.DoesNotContain('\u001b', _output.ToString());
        using var document = JsonDocument.Parse(File.ReadAllBytes(json));
        var root = document.RootElement;
        Assert.Equal(["categories", "mean", "routing", "milliseconds"], Keys(root));
        Assert.Equal(["disc", "stripes"], Keys(root.GetProperty("categories")));
        var disc = root.GetProperty("categories").GetProperty("disc");
        Assert.Equal(["base", "struct", "hybrid", "pixel", "train_images", "bank_rows", "reliability"], Keys(disc));
        Assert.Equal(["base", "struct", "hybrid", "train_images", "bank_rows", "reliability"], Keys(root.GetProperty("categories").GetProperty("stripes")));
        Assert.All(new[] { "base", "struct", "hybrid" }, kind => Assert.Equal(["auroc", "ap", "f1_max", "threshold", "false_reject", "miss"], Keys(disc.GetProperty(kind))));
        Assert.Equal(["auroc", "ap", "f1_max", "aupro"], Keys(disc.GetProperty("pixel")));
        Assert.Equal(FittedProducts.TrainImages, disc.GetProperty("train_images").GetInt32());
        Assert.Equal(["base", "struct", "hybrid", "pixel"], Keys(root.GetProperty("mean")));
        Assert.Equal(["auroc", "ap", "f1_max", "false_reject", "miss"], Keys(root.GetProperty("mean").GetProperty("hybrid")));
        Assert.Equal(1, root.GetProperty("routing").GetProperty("accuracy").GetDouble());
        Assert.Equal(FittedProducts.TestImages, root.GetProperty("routing").GetProperty("confusion").GetProperty("stripes").GetProperty("stripes").GetInt32());
        Assert.Equal(["refused_good", "refused_defective", "caught"], Keys(root.GetProperty("routing").GetProperty("unknown").GetProperty("disc")));
        Assert.All(new[] { "disc", "stripes" }, name => Assert.Equal(1, root.GetProperty("routing").GetProperty("unknown").GetProperty(name).GetProperty("caught").GetDouble()));
        Assert.Equal(["decode", "features", "routing", "score", "whole"], Keys(root.GetProperty("milliseconds")));

        var reliability = disc.GetProperty("reliability").EnumerateArray().ToArray();
        Assert.All(reliability, row => Assert.Equal(["nominal", "measured", "low", "high", "miss", "trials"], Keys(row)));
        Assert.Equal([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1], reliability.Select(r => r.GetProperty("nominal").GetDouble()));
        Assert.All(reliability, row => Assert.Equal(FittedProducts.TestImages / 2, row.GetProperty("trials").GetInt32()));
        Assert.Contains("nominal rate of false rejects", _output.ToString());

        // A bright square on an even part is found by any backbone; fractions of 1, not percent.
        Assert.Equal(1, disc.GetProperty("hybrid").GetProperty("auroc").GetDouble());
        Assert.InRange(disc.GetProperty("pixel").GetProperty("auroc").GetDouble(), 0.9, 1);
    }

    [Fact]
    public async Task Evaluate_InFloat16AgainstFloat32_SaysHowFarTheRatesMoved()
    {
        Assert.Equal(0, await RunAsync("--images", products.Images, "--banks", products.Banks, "--category", "disc", "--precision", "fp16", "--against-fp32"));

        Assert.Contains("Against fp32: the largest change of an AUROC is 0.0", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OnAGpuThatIsNotThere_SaysWhatToDo()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has an NVIDIA GPU");

        Assert.Equal(1, await RunAsync("--images", products.Images, "--banks", products.Banks, "--category", "disc", "--provider", "tensorrt"));

        Assert.Contains("scripts/setup --gpu", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_Plots_AreImagesOfThePromisedSize()
    {
        Assert.Equal(0, await RunAsync("--images", products.Images, "--banks", products.Banks, "--category", "disc", "stripes", "--plots", _folder));

        Assert.Empty(_error.ToString());
        foreach (var category in new[] { "disc", "stripes" })
        {
            var scores = FittedProducts.Codec.Load(Path.Combine(_folder, $"{category}-scores.png"));
            var roc = FittedProducts.Codec.Load(Path.Combine(_folder, $"{category}-roc.png"));
            Assert.Equal((ScoreHistogram.Width, ScoreHistogram.Height), (scores.Width, scores.Height));
            Assert.Equal((RocChart.Width, RocChart.Height), (roc.Width, roc.Height));
        }
    }

    [Fact]
    public async Task Evaluate_PlotsOfMisses_AreOverlaysOfThoseImages()
    {
        // Good parts under the name of a defect are missed, all of them: three are shown, in the order of their scores.
        var images = Path.Combine(_folder, "images", "disc");
        foreach (var (from, to) in new[] { ("train/good", "train/good"), ("test/good", "test/dent") })
        {
            Directory.CreateDirectory(Path.Combine(images, to));
            foreach (var file in Directory.GetFiles(Path.Combine(products.Images, "disc", from)))
            {
                File.Copy(file, Path.Combine(images, to, Path.GetFileName(file)));
            }
        }

        File.Copy(products.Good("disc"), Path.Combine(images, "test", "dent", "3.png"));
        Assert.Equal(0, await RunAsync("--images", images, "--banks", products.Banks, "--plots", _folder));

        var overlays = Directory.GetFiles(_folder, "disc-miss-*.png");
        Assert.Equal(3, overlays.Length);
        Assert.All([1, 2, 3], rank => Assert.Single(overlays, o => Path.GetFileName(o).StartsWith($"disc-miss-{rank}-dent-", StringComparison.Ordinal)));
        Assert.All(overlays, o => Assert.Equal(FittedProducts.Side, FittedProducts.Codec.Load(o).Width));
        Assert.False(File.Exists(Path.Combine(_folder, "disc-roc.png")));
    }

    [Fact]
    public async Task Evaluate_UnknownCategory_FailsWithWhatThereIs()
    {
        Assert.Equal(1, await RunAsync("--images", products.Images, "--banks", products.Banks, "--category", "disk"));
        Assert.Contains("Category 'disk' is not in", _error.ToString());
        Assert.Contains("It has: disc, ring, stripes.", _error.ToString());
    }

    [Fact]
    public async Task Evaluate_CategoryWithoutBank_FailsWithWhatThereIs()
    {
        Assert.Equal(1, await RunAsync("--images", products.Images, "--banks", products.Banks, "--category", "ring"));
        Assert.Contains("No bank of ring. There are banks of: disc, stripes.", _error.ToString());
    }

    [Fact]
    public async Task Evaluate_MissingImages_Fails()
    {
        Assert.Equal(1, await RunAsync("--images", Path.Combine(_folder, "none"), "--banks", products.Banks));
        Assert.Contains("does not exist", _error.ToString());
    }

    [Fact]
    public async Task Evaluate_MissingBanks_Fails()
    {
        Assert.Equal(1, await RunAsync("--images", products.Images, "--banks", _folder));
        Assert.Contains("No bank file", _error.ToString());
    }

    [Fact]
    public async Task Evaluate_UnknownBackbone_FailsWithWhatThereIs()
    {
        Assert.Equal(1, await RunAsync("--images", products.Images, "--banks", products.Banks, "--backbone", "no-such"));
        Assert.Contains("No backbone 'no-such'", _error.ToString());
    }

    [Theory]
    [InlineData("--banks", "b")]
    [InlineData("--images", "i")]
    [InlineData("--images", "i", "--banks", "b", "--speed", "9")]
    public async Task Evaluate_WrongUse_SaysSo(params string[] arguments)
    {
        Assert.Equal(2, await CommandLineRunner.RunAsync(["evaluate", .. arguments], _output, _error));
        Assert.Contains("See 'structcore evaluate --help'.", _error.ToString());
    }

    [Fact]
    public async Task Evaluate_Help_HasAnExample()
    {
        Assert.Equal(0, await RunAsync("--help"));
        Assert.Contains("structcore evaluate --images", _output.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(["evaluate", "--models", FittedProducts.Models, .. arguments], _output, _error);

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
