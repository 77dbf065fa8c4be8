using NSubstitute;
using StructCore.Tests.Fitting;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

/// <summary>Two products, red and green plates of 16 x 16 pixels; a defect is a blue square, its mask lies beside it.</summary>
public sealed class BankEvaluatorTests : IDisposable
{
    private const int Side = 16;

    private readonly string _root = Directory.CreateTempSubdirectory("structcore-").FullName;
    private readonly RawFiles _codec = new();
    private readonly FakeExtractor _extractor = new();
    private readonly Random _random = new(5);

    public void Dispose()
    {
        _extractor.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Evaluate_EveryTestImage_HasItsOwnBanksScoreAndItsRoute()
    {
        var (red, green) = (Product("red"), Product("green"));
        ProductBank[] banks = [Fit(green), Fit(red)];

        var evaluation = Evaluator(banks).Evaluate(red);

        Assert.Equal(red.Test, evaluation.Images.Select(i => i.Image));
        Assert.Equal(banks[1].Manifest, evaluation.Bank);
        foreach (var judged in evaluation.Images)
        {
            var features = _extractor.Extract(_codec.Load(judged.Image.Path), FrameMode.CentreCrop);
            Assert.Equal(banks[1].Score(features).Score, judged.Score);
            Assert.Equal(BankRouter.Route(features, [banks[0].Routing, banks[1].Routing]).Distances, judged.Route.Distances);
            Assert.Equal((!banks[1].Knows(judged.Route), !banks[0].Knows(judged.Route)), (judged.IsUnknown, judged.IsUnknownWithoutOwn));
        }

        Assert.Equal(evaluation.Images.Count, evaluation.Milliseconds.Count);
        Assert.All(evaluation.Milliseconds, m => Assert.True(m.Whole > 0));
    }

    [Fact]
    public void Evaluate_Categories_AreUnknownWhereTheirBankIsLeftOut()
    {
        var (red, green) = (Product("red"), Product("green"));

        var unknown = RoutingReport.Of([Evaluator(Fit(green), Fit(red)).Evaluate(red)]).Unknown["red"];

        Assert.Equal((0, 1), (unknown.RefusedGood, unknown.Caught));
        Assert.Null(RoutingReport.Of([Evaluator(Fit(red)).Evaluate(red)]).Unknown["red"].Caught);
    }

    [Fact]
    public void Evaluate_WithMasks_MeasuresPixelsOfGoodAndMaskedImagesOnly()
    {
        var product = Product("red");
        var unmasked = product.Test[^1] with { MaskPath = null };
        product = product with { Test = [.. product.Test.SkipLast(1), unmasked] };
        var bank = Fit(product);

        var pixel = Evaluator(bank).Evaluate(product).Pixel;

        var expected = new PixelScores(product.Test.Count, bank.Manifest.MapSide * bank.Manifest.MapSide);
        foreach (var image in product.Test.Where(t => t != unmasked))
        {
            var map = bank.Score(_extractor.Extract(_codec.Load(image.Path), FrameMode.CentreCrop)).DrawMap();
            var mask = image.MaskPath is null ? new byte[Side * Side] : [.. _codec.Load(image.MaskPath).Pixels.ToArray().Chunk(3).Select(p => p[0])];
            expected.Add(map, MaskGrid.From(mask, Side, Side, FrameMode.CentreCrop, _extractor.Backbone.Resize, _extractor.Backbone.Crop));
        }

        Assert.Equal(expected.Measure(), pixel);
    }

    [Fact]
    public void Evaluate_WithoutAnyMask_HasNoPixelMetrics()
    {
        var product = Product("red");
        product = product with { Test = [.. product.Test.Select(t => t with { MaskPath = null })] };

        Assert.Null(Evaluator(Fit(product)).Evaluate(product).Pixel);
    }

    [Fact]
    public void Evaluate_Progress_CountsEveryImage()
    {
        var product = Product("red");
        var progress = Substitute.For<IProgress<int>>();

        Evaluator(Fit(product)).Evaluate(product, progress);

        Assert.Equal(Enumerable.Range(1, product.Test.Count), progress.ReceivedCalls().Select(c => (int)c.GetArguments()[0]!));
    }

    [Fact]
    public void Evaluate_Cancelled_StopsBeforeTheNextImage()
    {
        var product = Product("red");
        using var cancel = new CancellationTokenSource();
        var progress = Substitute.For<IProgress<int>>();
        progress.When(p => p.Report(2)).Do(_ => cancel.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator(Fit(product)).Evaluate(product, progress, cancel.Token));
        Assert.Equal(2, progress.ReceivedCalls().Count());
    }

    [Fact]
    public void Evaluate_DamagedImage_IsNamed()
    {
        var product = Product("red");
        var evaluator = Evaluator(Fit(product));
        File.WriteAllText(product.Test[3].Path, "no image");

        Assert.Contains(product.Test[3].Path, Assert.Throws<InvalidImageException>(() => evaluator.Evaluate(product)).Message);
    }

    [Fact]
    public void Evaluate_NoTestImages_IsRefused()
    {
        var product = Product("red") with { Test = [] };

        Assert.Contains("'red' has no test images", Assert.Throws<InvalidDatasetException>(() => Evaluator(Fit(product)).Evaluate(product)).Message);
    }

    [Fact]
    public void Evaluate_NoBank_IsRefusedWithWhatThereIs()
    {
        var bank = Fit(Product("red"));

        Assert.Contains("'green' has no bank. There are banks of: red.", Assert.Throws<InvalidBankException>(() => Evaluator(bank).Evaluate(Product("green"))).Message);
    }

    [Fact]
    public void Evaluator_BankOfAnotherBackbone_IsRefused()
    {
        var bank = Fit(Product("red"));
        using var other = Substitute.For<IFeatureExtractor>();
        other.Backbone.Returns(_extractor.Backbone with { Name = "other", Sha256 = new string('0', 64) });

        Assert.Throws<InvalidBankException>(() => new BankEvaluator(_codec, other, [bank], TimeProvider.System));
    }

    [Fact]
    public void DrawOverlay_OfADefect_IsTheOverlayOfItsMap()
    {
        var product = Product("red");
        var bank = Fit(product);
        var path = product.Test[^1].Path;

        var drawn = Evaluator(bank).DrawOverlay("red", path);

        var frame = _codec.Load(path);
        var map = bank.Score(_extractor.Extract(frame, FrameMode.CentreCrop)).DrawMap();
        Assert.Equal(Overlay.Render(frame, map, FrameMode.CentreCrop, _extractor.Backbone.Resize, _extractor.Backbone.Crop, bank.Calibration.BaseThreshold).Pixels, drawn.Pixels);
        Assert.False(frame.Pixels.SequenceEqual(drawn.Pixels));
    }

    private BankEvaluator Evaluator(params ProductBank[] banks) => new(_codec, _extractor, banks, TimeProvider.System);

    private ProductBank Fit(ProductImages product) =>
        new BankFitter(_codec, _extractor, new FitOptions { CoresetRatio = 0.5, Frame = FrameMode.CentreCrop }).Fit(product.Category, product.Train);

    private ProductImages Product(string category) => new()
    {
        Category = category,
        Layout = ImageLayout.MvtecAd,
        Train = [.. Enumerable.Range(0, 6).Select(i => Plate($"{category}-train-{i}", category, defect: null))],
        Test =
        [
            .. Enumerable.Range(0, 3).Select(i => new TestImage(Plate($"{category}-good-{i}", category, defect: null), "good", false, null)),
            .. Enumerable.Range(0, 3).Select(i => new TestImage(Plate($"{category}-spot-{i}", category, defect: 4 + i), "spot", true, Mask($"{category}-mask-{i}", 4 + i))),
        ],
    };

    private string Plate(string name, string category, int? defect) => Write(name, (y, x) =>
        InDefect(y, x, defect) ? (0, 0, 255) : category == "red" ? (200 + _random.Next(20), 20, 20) : (20, 200 + _random.Next(20), 20));

    private string Mask(string name, int defect) => Write(name, (y, x) => InDefect(y, x, defect) ? (255, 255, 255) : (0, 0, 0));

    private static bool InDefect(int y, int x, int? at) => at is { } from && y >= from && y < from + 6 && x >= from && x < from + 6;

    private string Write(string name, Func<int, int, (int R, int G, int B)> colour)
    {
        var path = Path.Combine(_root, name);
        var pixels = Enumerable.Range(0, Side * Side).Select(i => colour(i / Side, i % Side)).SelectMany(c => new[] { (byte)c.R, (byte)c.G, (byte)c.B });
        File.WriteAllBytes(path, _codec.EncodePng(new RgbImage(Side, Side, [.. pixels])));
        return path;
    }
}
