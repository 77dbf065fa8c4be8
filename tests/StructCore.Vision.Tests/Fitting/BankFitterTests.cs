using NSubstitute;
using StructCore.Tests.MemoryBanks;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Fitting;

public sealed class BankFitterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_ThenFile_GivesTheSameVerdicts()
    {
        var images = Images(12);
        var bank = Fitter(new FitOptions { CoresetRatio = 0.1 }).Fit("cap", images);
        var read = BankFile.Read(BankFile.Write(bank, _folder.Path, DateTimeOffset.UnixEpoch.AddYears(50)));
        var features = Extract(images[3]);
        Assert.Equal(bank.Score(features).Score, read.Score(features).Score);
        Assert.Equal(12 * 16 / 10, read.Memory.Rows);
        Assert.Equal(12, read.Manifest.TrainImages);
        Assert.All(read.Memory.Images.ToArray(), i => Assert.InRange(i, 0, 11));
    }

    [Fact]
    public void Fit_BankRows_AreFeaturesOfTheImageTheyName()
    {
        var images = Images(9);
        var bank = Fitter(new FitOptions { CoresetRatio = 0.2 }).Fit("cap", images);
        for (var row = 0; row < bank.Memory.Rows; row++)
        {
            var features = Extract(images[bank.Memory.Images[row]]);
            var wanted = bank.Memory.Row(row).ToArray();
            Assert.Contains(Enumerable.Range(0, features.Rows), p => features.Row(p).SequenceEqual(wanted));
        }
    }

    [Fact]
    public void Fit_LeaveOneOut_CalibratesOnRowsOfOtherImages()
    {
        var images = Images(10);
        var bank = Fitter(new FitOptions { CoresetRatio = 0.3, Method = CalibrationMethod.LeaveOneOut, Distance = DistanceForm.TwoSided, Rule = ThresholdRule.AtQuantile(0.995) }).Fit("cap", images);
        var maxima = images.Select((path, i) =>
        {
            var features = Extract(path);
            var scores = Enumerable.Range(0, features.Rows).Select(p => (float)NaiveMemoryBank.Score(features.Row(p), bank.Memory, 5, i)).ToArray();
            return (double)AnomalyMap.From(new PatchScores(4, 4, scores), 32).Values.ToArray().Max();
        });
        Assert.Equal(Quantile.Of(maxima, 0.995), bank.Calibration.BaseThreshold, 1e-3);
    }

    [Fact]
    public void Fit_KFold_ScoresEachImageAgainstTheOtherFolds()
    {
        // One image unlike all others: only a calibration that has not seen it finds it far away.
        var images = Images(10);
        File.WriteAllBytes(images[4], Pixels(250, 10, 250));
        var paper = Fitter(new FitOptions { CoresetRatio = 1, Method = CalibrationMethod.Paper }).Fit("cap", images);
        var fold = Fitter(new FitOptions { CoresetRatio = 1, Method = CalibrationMethod.KFold }).Fit("cap", images);
        Assert.Equal(paper.Memory.Values, fold.Memory.Values);
        Assert.Equal(10, fold.Calibration.Images);
        Assert.True(fold.Calibration.BaseThreshold > 2 * paper.Calibration.BaseThreshold, $"{fold.Calibration.BaseThreshold} against {paper.Calibration.BaseThreshold}");
    }

    [Theory]
    [InlineData(CalibrationMethod.KFold, 5)]
    [InlineData(CalibrationMethod.TenFold, 10)]
    [InlineData(CalibrationMethod.Refilled, 20)]
    [InlineData(CalibrationMethod.LeaveOneImageOut, 13)]
    public void Fit_Folds_KeepTheScoresOfBanksOfTheOtherImages(CalibrationMethod method, int folds)
    {
        var images = Images(13);
        var options = new FitOptions { CoresetRatio = 0.2, Method = method };
        var normal = Fitter(options).Fit("cap", images).Calibration.Normal!;
        Assert.Equal(13, normal.Count);
        for (var fold = 0; fold < Math.Min(folds, 3); fold++)
        {
            var others = Fitter(options with { Method = CalibrationMethod.Paper }).Fit("cap", [.. images.Where((_, i) => i % folds != fold)]);
            for (var image = fold; image < 13; image += folds)
            {
                using var features = Extract(images[image]);
                Assert.Equal(others.Score(features).Score.Base, normal[image].Map.Maximum, 1e-3f * normal[image].Map.Maximum);
            }
        }
    }

    [Fact]
    public void Fit_Refilled_ScoresAnImageAgainstTheRestOfItsFold()
    {
        // Two images unlike all others, but like each other, fall into one fold of ten and of twenty. So many that there are folds.
        var images = Images(129);
        File.WriteAllBytes(images[1], Pixels(250, 10, 250));
        File.WriteAllBytes(images[21], Pixels(250, 10, 250));
        var options = new FitOptions { CoresetRatio = 0.2, Neighbours = 1 };

        var (refilled, tenFold) = (Normal(CalibrationMethod.Refilled), Normal(CalibrationMethod.TenFold));

        Assert.Equal(129, refilled.Count);
        Assert.All([1, 21], image => Assert.True(refilled[image].Map.Maximum < tenFold[image].Map.Maximum / 10, $"{refilled[image].Map.Maximum} against {tenFold[image].Map.Maximum}"));

        NormalScores Normal(CalibrationMethod method) => Fitter(options with { Method = method }).Fit("cap", images).Calibration.Normal!;
    }

    [Fact]
    public void Fit_HeldOut_KeepsTheScoresOfTheOtherImages()
    {
        var images = Images(14);
        var bank = Fitter(new FitOptions { CoresetRatio = 0.2, Method = CalibrationMethod.HeldOut }).Fit("cap", images[..10], images[10..]);
        using var features = Extract(images[11]);
        Assert.Equal(bank.Score(features).Score.Base, bank.Calibration.Normal![1].Map.Maximum);
        Assert.Equal((10, 4), (bank.Manifest.TrainImages, bank.Calibration.Images));
    }

    [Fact]
    public void Fit_HeldOutWithoutImagesOrAnotherMethodWithThem_IsRefused()
    {
        var images = Images(6);
        Assert.Throws<ArgumentException>(() => Fitter(new FitOptions { Method = CalibrationMethod.HeldOut }).Fit("cap", images));
        Assert.Throws<ArgumentException>(() => Fitter(new FitOptions { Method = CalibrationMethod.KFold }).Fit("cap", images[..3], images[3..]));
    }

    [Theory]
    [InlineData(CalibrationMethod.LeaveOneOut)]
    [InlineData(CalibrationMethod.KFold)]
    [InlineData(CalibrationMethod.LeaveOneImageOut)]
    public void Fit_Calibrated_RoutesEachImageOverPrototypesThatDidNotSeeIt(CalibrationMethod method)
    {
        // One image unlike all others: its own prototypes would cover it.
        var images = Images(10);
        File.WriteAllBytes(images[4], Pixels(250, 10, 250));
        var paper = Fitter(new FitOptions { CoresetRatio = 1, Method = CalibrationMethod.Paper }).Fit("cap", images);

        var bank = Fitter(new FitOptions { CoresetRatio = 1, Method = method }).Fit("cap", images);

        var normal = bank.Calibration.Normal!;
        Assert.Equal(paper.Routing.Prototypes, bank.Routing.Prototypes);
        Assert.All(images, (path, i) => Assert.Equal(NaiveMemoryBank.Route(Extract(path), bank.Routing), paper.Calibration.Normal![i].RouteDistance, 1e-5));
        Assert.All(images, (path, i) => Assert.Equal(NaiveMemoryBank.Cover(Extract(path), bank.Routing), paper.Calibration.Normal![i].CoverDistance, 1e-5));
        Assert.True(normal[4].RouteDistance > 2 * paper.Calibration.Normal![4].RouteDistance, $"{normal[4].RouteDistance} against {paper.Calibration.Normal![4].RouteDistance}");
        Assert.Equal(4, normal.Index().MaxBy(n => n.Item.RouteDistance).Index);
    }

    [Fact]
    public void Fit_UnknownShare_IsKept()
    {
        Assert.Equal(0.01, Fitter(new FitOptions()).Fit("cap", Images(4)).Calibration.UnknownShare);
        Assert.Null(Fitter(new FitOptions { UnknownShare = null }).Fit("cap", Images(4)).CoverLimit);
    }

    [Fact]
    public void Fit_TwoImages_NamesCategoryAndRemedy()
    {
        var error = Assert.Throws<CalibrationException>(() => Fitter(new FitOptions()).Fit("cap", Images(2)));
        Assert.Equal("Category 'cap' has 2 training image(s), a bank needs at least 3 and is better with 16 or more. Add images of good parts.", error.Message);
    }

    [Fact]
    public void Fit_UnreadableImage_NamesIt()
    {
        var images = Images(5);
        File.Delete(images[3]);
        Assert.Contains(images[3], Assert.Throws<InvalidImageException>(() => Fitter(new FitOptions()).Fit("cap", images)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_BrokenFeatures_AreRefused()
    {
        var fitter = new BankFitter(new RawCodec(), new FakeExtractor { GivesBrokenFeatures = true }, new FitOptions());
        Assert.Contains("not finite", Assert.Throws<CalibrationException>(() => fitter.Fit("cap", Images(4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Cancelled_LeavesNoScratchFile()
    {
        var scratch = Directory.CreateDirectory(_folder["scratch"]).FullName;
        using var cancel = new CancellationTokenSource();
        var images = Images(8);
        var progress = Substitute.For<IProgress<FitProgress>>();
        progress.When(p => p.Report(new FitProgress("features", 3, 8))).Do(_ => cancel.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => Fitter(new FitOptions { ScratchFolder = scratch }).Fit("cap", images, progress, cancel.Token));
        Assert.Empty(Directory.GetFiles(scratch));
    }

    [Fact]
    public void RequireBackbone_Another_NamesBothAndTheRemedy()
    {
        var bank = Fitter(new FitOptions()).Fit("cap", Images(4));
        using var extractor = new FakeExtractor();
        bank.RequireBackbone(extractor.Backbone);
        var error = Assert.Throws<InvalidBankException>(() => bank.RequireBackbone(extractor.Backbone with { Name = "other", Sha256 = new string('0', 64) }));
        Assert.Contains("'fake'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fit the bank again", error.Message, StringComparison.Ordinal);
    }

    private static BankFitter Fitter(FitOptions options) => new(new RawCodec(), new FakeExtractor(), options);

    private static PatchFeatures Extract(string path)
    {
        using var extractor = new FakeExtractor();
        return extractor.Extract(new RawCodec().Load(path), FrameMode.FullFrame);
    }

    private string[] Images(int count)
    {
        var random = new Random(17);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var path = _folder[$"{i:D3}.png"];
                File.WriteAllBytes(path, Pixels(random.Next(100, 120), random.Next(100, 120), random.Next(100, 120), random));
                return path;
            }),
        ];
    }

    private static byte[] Pixels(int red, int green, int blue, Random? random = null) =>
        [.. Enumerable.Range(0, 8 * 8).SelectMany(_ => new[] { red, green, blue }.Select(v => (byte)(v + (random?.Next(6) ?? 0))))];

    /// <summary>Files that hold the pixels of an 8 x 8 image as they are.</summary>
    private sealed class RawCodec : IImageCodec
    {
        public RgbImage Decode(ReadOnlySpan<byte> encoded, string source) => new(8, 8, encoded.ToArray());

        public void EncodePng(RgbImage image, Stream target) => target.Write(image.Pixels);

        public void EncodeJpeg(RgbImage image, Stream target, int quality = 90) => EncodePng(image, target);
    }
}
