using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Fitting;

public sealed class ProductBankTests
{
    private readonly PatchFeatures _features = new FakeExtractor().Extract(new RgbImage(4, 4, [.. Enumerable.Range(0, 48).Select(i => (byte)(5 * i))]), FrameMode.FullFrame);

    [Fact]
    public void With_OtherCalibration_DecidesByItAndSharesTheRest()
    {
        var bank = Bank();
        var score = bank.Score(_features).Score;
        var stricter = bank.With(bank.Calibration with { Threshold = score.Hybrid / 2, Lambda = 1 });

        Assert.Equal(score.Base, stricter.Score(_features).Score.Base);
        Assert.True(stricter.Score(_features).Score.Hybrid > score.Hybrid);
        Assert.Equal((false, true), (bank.Score(_features).Rejected, stricter.Score(_features).Rejected));
        Assert.Equal(bank.Manifest with { Calibration = stricter.Calibration }, stricter.Manifest);
        Assert.Same(bank.Memory, stricter.Memory);
        Assert.Same(bank.Routing, stricter.Routing);
        Assert.Equal(bank.Sha256, stricter.Sha256);
    }

    [Fact]
    public void With_OtherCalibration_PacksNoRowsAnew()
    {
        var bank = Bank();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = bank.With(bank.Calibration with { Threshold = 1 });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public void Score_WithNormalScores_HasTheShareOfThemAsHighOrHigher()
    {
        var bank = Bank();
        Assert.Null(bank.Score(_features).PValue);
        var own = bank.Score(_features).Score.Hybrid;
        var normal = new NormalScores(new[] { 0.5f, 1, 2, 3 }.Select(f => new NormalScore(new(f * own, default), 0, 0)));
        Assert.Equal(4 / 5d, bank.With(bank.Calibration with { Normal = normal }).Score(_features).PValue);
    }

    [Theory]
    [InlineData(0.01, 100f)]
    [InlineData(0.02, 99f)]
    [InlineData(0.1, 91f)]
    [InlineData(0.001, 100f)]
    public void CoverLimit_OfAShare_IsTheConformalOne(double share, float limit) =>
        Assert.Equal(limit, Covered(share, Enumerable.Range(1, 100).Select(i => (float)i)).CoverLimit);

    [Fact]
    public void CoverLimit_OfImagesAllAlike_LeavesHalfTheWayToANeighbour() =>
        Assert.Equal(3f, Covered(0.01, Enumerable.Repeat(2f, 100)).CoverLimit!.Value, 1e-6f);

    [Fact]
    public void CoverLimit_WithoutAShareOrNormalScores_IsNone()
    {
        Assert.Null(Covered(null, [1, 2, 3]).CoverLimit);
        Assert.Null(Bank().With(Bank().Calibration with { UnknownShare = 0.01 }).CoverLimit);
    }

    [Theory]
    [InlineData(100f, true)]
    [InlineData(100.1f, false)]
    [InlineData(float.NaN, false)]
    public void Knows_CoverDistance_UpToTheLimit(float cover, bool known)
    {
        var route = new Route("cap", new Dictionary<string, float> { ["cap"] = 9 }, new Dictionary<string, float> { ["cap"] = cover });
        Assert.Equal(known, Covered(0.01, Enumerable.Range(1, 100).Select(i => (float)i)).Knows(route));
        Assert.True(Bank().Knows(route));
    }

    /// <summary>Its prototypes lie a squared distance of 2 apart.</summary>
    private ProductBank Covered(double? share, IEnumerable<float> covers)
    {
        var bank = Bank();
        var axes = new float[2 * _features.Width];
        (axes[0], axes[^1]) = (1, 1);
        var calibration = bank.Calibration with { UnknownShare = share, Normal = new(covers.Select(c => new NormalScore(default, 0, c))) };
        return new ProductBank(bank.Manifest with { Calibration = calibration }, bank.Memory, new RoutingBank("cap", _features.Width, axes), bank.Sha256);
    }

    private ProductBank Bank()
    {
        var rows = new float[1000 * _features.Width];
        Array.Fill(rows, 2);
        var manifest = new BankManifest
        {
            Category = "cap",
            Version = 1,
            Created = DateTimeOffset.UnixEpoch,
            Backbone = "fake",
            BackboneSha256 = "f",
            Frame = FrameMode.FullFrame,
            CoresetRatio = 1,
            Neighbours = 1,
            MapSide = 32,
            Rows = 1000,
            Width = _features.Width,
            TrainImages = 1,
            Calibration = new ScoreCalibration
            {
                Method = CalibrationMethod.KFold,
                Distance = DistanceForm.TwoSided,
                Mean = new(0, 0, 0),
                Deviation = new(1, 1, 1),
                Lambda = 0,
                Quantile = 0.995,
                BaseThreshold = 1,
                StructuralThreshold = 1,
                Threshold = float.MaxValue,
                Images = 20,
            },
        };
        return new ProductBank(manifest, new MemoryBank(_features.Width, rows, new int[1000]), new RoutingBank("cap", _features.Width, rows[.._features.Width]), "digest");
    }
}
