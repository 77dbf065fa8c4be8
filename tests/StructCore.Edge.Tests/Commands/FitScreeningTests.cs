using StructCore.Edge.Commands;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

public sealed class FitScreeningTests : IDisposable
{
    private const int Good = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Spot => Path.Combine(_folder["disc"], "spot.png");

    private BankManifest Manifest => BankFile.Read(Path.Combine(_folder["banks"], "disc-v1.scbank")).Manifest;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fit_DefectAmongGoodImages_NamesItAndDrawsIt()
    {
        Draw();

        Assert.Equal(0, await RunAsync("--images", _folder["disc"], "--report", _folder["report"]));

        Assert.Equal((Good + 1, null), (Manifest.TrainImages, Manifest.LeftOutImages));
        Assert.Contains($"1 of {Good + 1} images of 'disc' are contradicted by the others (", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"  {Spot}: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("let --screen leave them out", _error.ToString(), StringComparison.Ordinal);
        var overlay = FittedProducts.Codec.Load(Assert.Single(Directory.GetFiles(_folder["report"], "*", SearchOption.AllDirectories)));
        Assert.Equal((FittedProducts.Side, FittedProducts.Side), (overlay.Height, overlay.Width));
        Assert.True(File.Exists(Path.Combine(_folder["report"], "disc", "kept", "01-spot.jpg")));
    }

    [Fact]
    public async Task Fit_Screen_FitsFromTheOthersAndRecordsHowMany()
    {
        Draw();

        Assert.Equal(0, await RunAsync("--images", _folder["disc"], "--screen", "--screening", _folder["screening"], "--report", _folder["report"]));

        Assert.Equal((Good, 1), (Manifest.TrainImages, Manifest.LeftOutImages));
        Assert.Contains($"disc-v1.scbank: {Good} images (1 left out by screening), ", _output.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["report"], "disc", "left-out", "01-spot.jpg")));
        Assert.False(Directory.Exists(_folder["screening"]), "mutual scoring is for what the calibration does not see");
    }

    /// <summary>After the last round images are named only.</summary>
    [Fact]
    public void Review_Screening_LeavesOutWhatIsContradictedUntilTheLastRound()
    {
        Draw();
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var product = Assert.Single(ImageFolder.Open(_folder["disc"], []));
        var bank = new BankFitter(FittedProducts.Codec, extractor, new FitOptions()).Fit("disc", product.Train);
        var screening = new FitScreening(LeavesOut: true, Share: null, GroupSize: null, Files: null, Overlays: null);

        var kept = screening.Review(product, bank, extractor, 1, _error, TestContext.Current.CancellationToken);

        Assert.Equal(product.Train.Where(path => path != Spot), kept.Train);
        Assert.Contains("and left out", _error.ToString(), StringComparison.Ordinal);
        Assert.Same(product, screening.Review(product, bank, extractor, 6, _error, TestContext.Current.CancellationToken));
        Assert.Same(product, (screening with { LeavesOut = false }).Review(product, bank, extractor, 1, _error, TestContext.Current.CancellationToken));
        Assert.Same(product, (screening with { Share = 0.1 }).Review(product, bank, extractor, 1, _error, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--group", "10")]
    [InlineData("--leave-out", "0.1")]
    [InlineData("--screening", "files")]
    public async Task Fit_OptionOfScreeningWithoutIt_SaysSo(string option, string value)
    {
        Assert.Equal(CommandLineRunner.WrongUse, await RunAsync("--images", _folder.Path, option, value));
        Assert.Contains($"{option} is an option of --unlabelled and --screen.", _error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Good discs, and one with a bright square.</summary>
    private void Draw()
    {
        var random = new Random(23);
        Directory.CreateDirectory(_folder["disc"]);
        for (var i = 0; i <= Good; i++)
        {
            var pixels = Enumerable.Range(0, FittedProducts.Side * FittedProducts.Side).SelectMany(p => Enumerable.Repeat(Level(p / FittedProducts.Side, p % FittedProducts.Side), RgbImage.Channels));
            File.WriteAllBytes(i < Good ? Path.Combine(_folder["disc"], $"{i:D2}.png") : Spot, FittedProducts.Codec.EncodePng(new RgbImage(FittedProducts.Side, FittedProducts.Side, [.. pixels])));

            byte Level(int y, int x) => (byte)(i == Good && y is >= 26 and < 38 && x is >= 26 and < 38 ? 250 : (((y - 32) * (y - 32)) + ((x - 32) * (x - 32)) < 400 ? 150 : 40) + random.Next(6));
        }
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(["fit", .. arguments, "--banks", _folder["banks"], "--models", FittedProducts.Models], _output, _error);
}
