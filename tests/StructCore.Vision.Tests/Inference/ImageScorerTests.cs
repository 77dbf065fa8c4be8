using System.Globalization;
using System.Numerics.Tensors;
using StructCore.Tests.MemoryBanks;
using StructCore.Tests.Scoring;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inference;

/// <summary>What every way from frames to scores must do, whatever runs it.</summary>
public abstract class ImageScorerTests : IDisposable
{
    private readonly OnnxFeatureExtractor _extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone, new ExtractorOptions { Threads = 1 });
    private readonly ImageScorer _scorer;

    protected ImageScorerTests() => _scorer = Open();

    public void Dispose()
    {
        _extractor.Dispose();
        _scorer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Score_OfSeveralImages_IsWhatSpecSaysOfEach()
    {
        var banks = TestBanks.Of(_extractor, ("b", 1, 700), ("a", 2, 3), ("c", 3, 513));
        ImageToScore[] images = [.. Enumerable.Range(1, 5).Select(seed => new ImageToScore(TestBanks.Frame(seed), banks))];

        var inspected = _scorer.Score(images);

        Assert.Equal(["b", "a", "c"], inspected.Take(3).Select(i => i.Route.Category));
        for (var i = 0; i < images.Length; i++)
        {
            using var features = _extractor.Extract(images[i].Frame, FrameMode.FullFrame);
            var route = BankRouter.Route(features, banks.Routing);
            Assert.Equal(route.Category, inspected[i].Route.Category);
            Assert.All(route.Distances, d => Assert.Equal(d.Value, inspected[i].Route.Distances[d.Key], 1e-5f));
            Assert.All(route.CoverDistances, d => Assert.Equal(d.Value, inspected[i].Route.CoverDistances[d.Key], 1e-5f));
            AssertScored(inspected[i], features);
        }
    }

    [Fact]
    public void Score_WithARecipe_AsksItsBankAndStillRoutes()
    {
        var banks = TestBanks.Of(_extractor, ("a", 1, 600), ("b", 2, 600));

        var inspected = _scorer.Score(new ImageToScore(TestBanks.Frame(1), banks, Recipe: "b", KeepFeatures: true));

        Assert.Equal(("a", "b"), (inspected.Route.Category, inspected.Bank.Manifest.Category));
        using var features = _extractor.Extract(TestBanks.Frame(1), FrameMode.FullFrame);
        AssertScored(inspected, features);
        using var kept = inspected.Features!;
        Assert.InRange(TensorPrimitives.Distance(features.Values, kept.Values), 0, 1e-3f);
        Assert.Null(_scorer.Score(new ImageToScore(TestBanks.Frame(1), banks)).Features);
    }

    [Fact]
    public void Score_OfAnotherSet_JudgesByIt()
    {
        var image = new ImageToScore(TestBanks.Frame(1), TestBanks.Of(_extractor, ("a", 1, 500)));
        var known = _scorer.Score(image).Scored.Score.Base;

        var (other, again) = (_scorer.Score(image with { Banks = TestBanks.Of(_extractor, ("a", 2, 500)) }), _scorer.Score(image));

        Assert.True(other.Scored.Score.Base > known);
        Assert.Equal(known, again.Scored.Score.Base);
    }

    [Fact]
    public void Score_OfDifferentSetsTogether_JudgesEachByItsOwn()
    {
        var (first, second) = (TestBanks.Of(_extractor, ("a", 1, 500)), TestBanks.Of(_extractor, ("z", 2, 500), ("y", 3, 500)));

        var inspected = _scorer.Score([new(TestBanks.Frame(2), first), new(TestBanks.Frame(2), second)]);

        Assert.Equal(["a", "z"], inspected.Select(i => i.Bank.Manifest.Category));
        Assert.Equal([1, 2], inspected.Select(i => i.Route.Distances.Count));
        using var features = _extractor.Extract(TestBanks.Frame(2), FrameMode.FullFrame);
        Assert.All(inspected, i => AssertScored(i, features));
    }

    [Fact]
    public void Score_OfAnImageThatFitsNoCategory_IsOfAnUnknownProductUnlessARecipeNamesTheBank()
    {
        var banks = BankSet.Create([.. new[] { TestBanks.Bank(_extractor, "a", 1, 600), TestBanks.Bank(_extractor, "b", 2, 600) }.Select(Limited)], _extractor.Backbone);
        ImageToScore[] images = [new(TestBanks.Frame(1), banks), new(TestBanks.Frame(3), banks), new(TestBanks.Frame(3), banks, Recipe: "a")];

        var inspected = _scorer.Score(images);

        Assert.Equal([false, true, false], inspected.Select(i => i.IsUnknown));
        Assert.Equal((null, null), (inspected[0].Failure, inspected[2].Failure));
        var (route, bank) = (inspected[1].Route, inspected[1].Bank);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"unknown_product: nearest is '{route.Category}', route distance {route.Distances[route.Category]:F4}, but its cover distance {route.CoverDistances[route.Category]:F4} is beyond the limit {bank.CoverLimit:F4} of bank '{route.Category}-v1'"),
            inspected[1].Failure);

        // A part of its own image lies at no distance.
        static ProductBank Limited(ProductBank bank) => bank.With(bank.Calibration with { UnknownShare = 0.5, Normal = new(Enumerable.Repeat(new NormalScore(default, 0, 1e-4f), 20)) });
    }

    [Fact]
    public void Score_GivenUp_EndsAndLeavesTheScorerToOthers()
    {
        var image = new ImageToScore(TestBanks.Frame(1), TestBanks.Of(_extractor, ("a", 1, 500)));

        Assert.ThrowsAny<OperationCanceledException>(() => _scorer.Score(image, new CancellationToken(canceled: true)));

        Assert.Null(_scorer.Score(image, CancellationToken.None).Failure);
    }

    [Fact]
    public void Score_ForARecipeWithoutABank_SaysWhatThereIs()
    {
        var image = new ImageToScore(TestBanks.Frame(1), TestBanks.Of(_extractor, ("a", 1, 500)), Recipe: "lid");

        Assert.Contains("'lid'; there are banks of: a", Assert.Throws<ArgumentException>(() => _scorer.Score(image)).Message);
    }

    protected abstract ImageScorer Open();

    private static void AssertScored(InspectedImage inspected, PatchFeatures features)
    {
        var (bank, scored) = (inspected.Bank, inspected.Scored);
        for (var patch = 0; patch < features.Rows; patch++)
        {
            var want = NaiveMemoryBank.Score(features.Row(patch), bank.Memory, bank.Manifest.Neighbours, -1);
            Assert.InRange(Math.Abs(scored.Patches.Values[patch] - want), 0, 1e-4 + (1e-4 * want));
        }

        var side = bank.Manifest.MapSide;
        var map = NaiveMap.Statistics(NaiveMap.Of(scored.Patches, side), side);
        AssertClose(map.Maximum, scored.Score.Base);
        AssertClose(map.Structure.Dispersion, scored.Structure.Dispersion);
        AssertClose(map.Structure.Tail, scored.Structure.Tail);
        AssertClose(map.Structure.TotalVariation, scored.Structure.TotalVariation);
        Assert.Equal(bank.Calibration.Score(scored.Score.Base, scored.Structure), scored.Score);
        Assert.Equal(scored.Score.Hybrid > bank.Calibration.Threshold, scored.Rejected);
        Assert.Null(inspected.Failure);
    }

    private static void AssertClose(float want, float got) => Assert.InRange(got, want - (1e-5f * Math.Abs(want)), want + (1e-5f * Math.Abs(want)));
}
