using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class ScreenCommandTests(FittedProducts products) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Mixed => _folder["mixed"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Screen_Category_PrintsTheRankingAndItsAuroc()
    {
        Assert.Equal(0, await RunAsync("screen", "--images", Path.Combine(products.Images, "disc"), "--leave-out", "0.2", "--json", _folder["screening.json"]));

        foreach (var text in new[] { "The most suspicious of 6 images, proc-r10", "defective", "I-AUROC in percent: score ", "5 of 6 images are proposed as good, with a score of at most " })
        {
            Assert.Contains(text, _output.ToString(), StringComparison.Ordinal);
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder["screening.json"]));
        Assert.Equal(["backbone", "limit", "auroc", "refined_auroc", "images"], json.RootElement.EnumerateObject().Select(p => p.Name));
        var images = json.RootElement.GetProperty("images").EnumerateArray().ToArray();
        Assert.Equal(["rank", "image", "score", "refined", "proposed", "defective"], images[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(FittedProducts.TestImages, images.Length);
        var scores = images.Select(i => i.GetProperty("score").GetSingle()).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal([1, 2, 3, 4, 5, 6], images.Select(i => i.GetProperty("rank").GetInt32()));
    }

    [Fact]
    public async Task Screen_PlainFolder_WritesRankingSheetAndTheProposedImages()
    {
        Mix();

        Assert.Equal(0, await RunAsync("screen", "--images", Mixed, "--leave-out", "0.2", "--out", _folder["out"]));

        Assert.DoesNotContain("I-AUROC", _output.ToString(), StringComparison.Ordinal);
        var ranking = File.ReadAllLines(Path.Combine(_folder["out"], ScreeningFiles.Ranking));
        Assert.Equal("rank,image,score,refined,proposed,defective", ranking[0]);
        Assert.Equal(10, ranking.Length);
        Assert.StartsWith($"1,\"{Path.Combine(Mixed, "spot.png")}\",", ranking[1], StringComparison.Ordinal);
        var good = File.ReadAllLines(Path.Combine(_folder["out"], ScreeningFiles.Good));
        Assert.Equal(7, good.Length);
        Assert.All(good, path => Assert.True(File.Exists(path)));
        Assert.DoesNotContain(Path.Combine(Mixed, "spot.png"), good);
        var sheet = FittedProducts.Codec.Load(Path.Combine(_folder["out"], ScreeningFiles.Sheet));
        Assert.True(sheet.Width > ContactSheet.Columns * ContactSheet.TileSide);
    }

    [Fact]
    public async Task Screen_Every_TakesEachNthImageFromTheFirst()
    {
        Assert.Equal(0, await RunAsync("screen", "--images", Path.Combine(products.Images, "disc"), "--every", "4", "--json", _folder["screening.json"]));

        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder["screening.json"]));
        Assert.Equal([products.Good("disc", 0), products.Defective("disc", 1)], json.RootElement.GetProperty("images").EnumerateArray().Select(i => i.GetProperty("image").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fit_Unlabelled_LeavesTheDefectOutAndRecordsHowMany()
    {
        Mix();

        Assert.Equal(0, await RunAsync("fit", "--unlabelled", Mixed, "--category", "disc", "--banks", _folder["banks"], "--leave-out", "0.2", "--screening", _folder["screening"]));

        var manifest = BankFile.Read(Path.Combine(_folder["banks"], "disc-v1.scbank")).Manifest;
        Assert.Equal((7, 2, FrameMode.FullFrame), (manifest.TrainImages, manifest.LeftOutImages, manifest.Frame));
        Assert.DoesNotContain("spot.png", File.ReadAllText(Path.Combine(_folder["screening"], ScreeningFiles.Good)), StringComparison.Ordinal);
        Assert.Contains("disc-v1.scbank: 7 images (2 left out by screening), ", _output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Nine images are too few for the calibration's scores to name one.</summary>
    [Fact]
    public async Task Fit_UnlabelledWithoutAShare_LeavesOutWhatMutualScoringFinds()
    {
        Mix();

        Assert.Equal(0, await RunAsync("fit", "--unlabelled", Mixed, "--category", "disc", "--banks", _folder["banks"], "--screening", _folder["screening"]));

        var manifest = BankFile.Read(Path.Combine(_folder["banks"], "disc-v1.scbank")).Manifest;
        Assert.Equal(9, manifest.TrainImages + manifest.LeftOutImages);
        Assert.DoesNotContain("spot.png", File.ReadAllText(Path.Combine(_folder["screening"], ScreeningFiles.Good)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_WithoutAShare_ProposesAllButTheOutlier()
    {
        Mix();

        Assert.Equal(0, await RunAsync("screen", "--images", Mixed, "--out", _folder["out"]));

        var good = File.ReadAllLines(Path.Combine(_folder["out"], ScreeningFiles.Good));
        Assert.DoesNotContain(Path.Combine(Mixed, "spot.png"), good);
        Assert.InRange(good.Length, 5, 8);
    }

    [Fact]
    public async Task Fit_Sorted_RecordsNoneLeftOut()
    {
        Assert.Equal(0, await RunAsync("fit", "--images", Path.Combine(products.Images, "disc"), "--banks", _folder["banks"]));

        Assert.Null(BankFile.Read(Path.Combine(_folder["banks"], "disc-v1.scbank")).Manifest.LeftOutImages);
        Assert.DoesNotContain("left out", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_OneImage_SaysThatItTakesTwo()
    {
        Directory.CreateDirectory(Mixed);
        File.Copy(products.Good("disc"), Path.Combine(Mixed, "one.png"));

        Assert.Equal(1, await RunAsync("screen", "--images", Mixed));
        Assert.Contains("There is 1 image to screen", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_DamagedImage_NamesIt()
    {
        Mix();
        File.WriteAllText(Path.Combine(Mixed, "5.png"), "no image");

        Assert.Equal(1, await RunAsync("screen", "--images", Mixed));
        Assert.Contains(Path.Combine(Mixed, "5.png"), _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_UnlabelledOfSeveralCategories_AsksForOne()
    {
        Mix();

        Assert.Equal(1, await RunAsync("fit", "--unlabelled", Mixed, "--category", "disc", "ring", "--banks", _folder["banks"]));
        Assert.Contains("--category names 2: disc, ring", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("screen")]
    [InlineData("screen", "--images", "i", "--every", "0")]
    [InlineData("screen", "--images", "i", "--group", "1")]
    [InlineData("screen", "--images", "i", "--leave-out", "1.5")]
    [InlineData("screen", "--images", "i", "--frame", "crop")]
    [InlineData("fit", "--banks", "b")]
    [InlineData("fit", "--banks", "b", "--images", "i", "--unlabelled", "u")]
    [InlineData("fit", "--banks", "b", "--images", "i", "--leave-out", "0.1")]
    public async Task Commands_WrongUse_SaySo(params string[] arguments)
    {
        Assert.Equal(2, await CommandLineRunner.RunAsync(arguments, _output, _error));
        Assert.Contains($"See 'structcore {arguments[0]} --help'.", _error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Eight good discs and one with a bright square, as a line records them.</summary>
    private void Mix()
    {
        Directory.CreateDirectory(Mixed);
        foreach (var (i, file) in Directory.GetFiles(Path.Combine(products.Images, "disc", "train", "good")).Concat([products.Good("disc", 0), products.Good("disc", 1)]).Index())
        {
            File.Copy(file, Path.Combine(Mixed, $"{i}.png"));
        }

        File.Copy(products.Defective("disc"), Path.Combine(Mixed, "spot.png"));
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync([.. arguments, "--models", FittedProducts.Models], _output, _error);
}
