using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

public sealed class EvaluationReportTests
{
    private static readonly StageMilliseconds Time = new(1, 2, 3, 4);

    [Fact]
    public void ScoreReport_CountsAboveTheThresholdAsRejected()
    {
        // At the threshold is accepted: one of four good ones is rejected, two of three defective ones are missed.
        var report = ScoreReport.Of([1, 2, 3, 4], [2, 3, 9], 3);

        Assert.Equal((0.25, 2 / 3.0, 3.0), (report.FalseReject!.Value, report.Miss!.Value, report.Threshold!.Value));
        Assert.Equal(RankingMetrics.Of([1, 2, 3, 4], [2, 3, 9]), new RankingMetrics(report.Auroc!.Value, report.Ap!.Value, report.F1Max!.Value));
    }

    [Fact]
    public void ScoreReport_OneClassOnly_LeavesOutWhatCannotBeMeasured()
    {
        Assert.Equal(new ScoreReport(null, null, null, 3, 0.5, null), ScoreReport.Of([1, 4], [], 3));
        Assert.Equal(new ScoreReport(null, null, null, 3, null, 0.5), ScoreReport.Of([], [1, 4], 3));
    }

    [Fact]
    public void Report_KindsOfScore_UseTheirOwnScoreAndThreshold()
    {
        // Base ranks the defective image wrong, struct and hybrid right; only the hybrid threshold rejects it.
        var report = EvaluationReport.Of([Category("cap", [Good("cap", new(5, 1, 6)), Bad("cap", new(4, 3, 9))])]).Categories["cap"];

        Assert.Equal((0.0, 10.0, 1.0), (report.Base.Auroc!.Value, report.Base.Threshold!.Value, report.Base.Miss!.Value));
        Assert.Equal((1.0, 20.0, 1.0), (report.Struct.Auroc!.Value, report.Struct.Threshold!.Value, report.Struct.Miss!.Value));
        Assert.Equal((1.0, 7.0, 0.0), (report.Hybrid.Auroc!.Value, report.Hybrid.Threshold!.Value, report.Hybrid.Miss!.Value));
        Assert.Equal((31, 77), (report.TrainImages, report.BankRows));
        Assert.Null(report.Pixel);
    }

    [Fact]
    public void Report_Mean_WeighsCategoriesAlikeAndSkipsWhatOneLacks()
    {
        var pixel = new PixelMetrics(new RankingMetrics(0.9, 0.8, 0.7), 0.6);
        var report = EvaluationReport.Of(
        [
            Category("cap", [Good("cap", new(1, 1, 8)), Good("cap", new(1, 1, 1)), Bad("cap", new(1, 1, 9))], pixel),
            Category("lid", [Good("lid", new(1, 1, 1))]),
        ]);

        Assert.Equal(0.25, report.Mean.Hybrid.FalseReject);
        Assert.Equal(1, report.Mean.Hybrid.Auroc);
        Assert.Null(report.Mean.Hybrid.Threshold);
        Assert.Equal(new PixelReport(0.9, 0.8, 0.7, 0.6), report.Mean.Pixel);
        Assert.Equal(["cap", "lid"], report.Categories.Keys);
    }

    [Fact]
    public void Report_Routing_CountsByTruthAndRoute()
    {
        var report = EvaluationReport.Of(
        [
            Category("lid", [Good("lid"), Good("cap"), Good("lid")]),
            Category("cap", [Good("cap")]),
        ]);

        Assert.Equal(0.75, report.Routing.Accuracy);
        Assert.Equal(["cap", "lid"], report.Routing.Confusion.Keys);
        Assert.Equal(new Dictionary<string, int> { ["cap"] = 1, ["lid"] = 2 }, report.Routing.Confusion["lid"]);
        Assert.Equal(new Dictionary<string, int> { ["cap"] = 1 }, report.Routing.Confusion["cap"]);
    }

    [Fact]
    public void Report_Unknown_CountsGoodDefectiveAndLeftOutImages()
    {
        var report = EvaluationReport.Of(
        [
            Category("cap", [Good("cap") with { IsUnknown = true, IsUnknownWithoutOwn = true }, Good("cap") with { IsUnknownWithoutOwn = true }, Bad("cap") with { IsUnknownWithoutOwn = false }]),
            Category("lid", [Good("lid")]),
        ]);

        Assert.Equal(["cap", "lid"], report.Routing.Unknown.Keys);
        Assert.Equal(new UnknownReport(0.5, 0, 2 / 3.0), report.Routing.Unknown["cap"]);
        Assert.Equal(new UnknownReport(0, null, null), report.Routing.Unknown["lid"]);
    }

    [Fact]
    public void Report_Milliseconds_AreMeansOverImages()
    {
        var category = Category("cap", [Good("cap"), Good("cap")]) with { Milliseconds = [Time, new(3, 4, 5, 6)] };

        Assert.Equal(new StageMilliseconds(2, 3, 4, 5), EvaluationReport.Of([category]).Milliseconds);
        Assert.Equal(10, Time.Whole);
    }

    [Fact]
    public void WorstErrors_AreOrderedFromTheWorst()
    {
        var category = Category("cap", [Good("cap", new(0, 0, 8)), Good("cap", new(0, 0, 9)), Good("cap", new(0, 0, 7)), Bad("cap", new(0, 0, 6)), Bad("cap", new(0, 0, 2)), Bad("cap", new(0, 0, 8))]);

        Assert.Equal([9f, 8f], category.FalseRejects.Select(i => i.Score.Hybrid));
        Assert.Equal([2f, 6f], category.Misses.Select(i => i.Score.Hybrid));
    }

    private static JudgedImage Good(string routedTo, ImageScore score = default) => Judged(false, routedTo, score);

    private static JudgedImage Bad(string routedTo, ImageScore score = default) => Judged(true, routedTo, score);

    private static JudgedImage Judged(bool defective, string routedTo, ImageScore score) =>
        new(new TestImage("a.png", defective ? "dent" : "good", defective, null), score, new Route(routedTo, new Dictionary<string, float>(), new Dictionary<string, float>()));

    internal static BankManifest Manifest(string category) => new()
    {
        Category = category,
        Version = 1,
        Created = default,
        Backbone = "fake",
        BackboneSha256 = "",
        Frame = FrameMode.CentreCrop,
        CoresetRatio = 0.01,
        Neighbours = 5,
        MapSide = 32,
        Rows = 77,
        Width = 6,
        TrainImages = 31,
        Calibration = new ScoreCalibration
        {
            Method = CalibrationMethod.Paper,
            Distance = DistanceForm.TwoSided,
            Mean = default,
            Deviation = default,
            Lambda = 1,
            Quantile = 0.995,
            BaseThreshold = 10,
            StructuralThreshold = 20,
            Threshold = 7,
            Images = 31,
        },
    };

    private static CategoryEvaluation Category(string name, JudgedImage[] images, PixelMetrics? pixel = null) => new(
        Manifest(name),
        images,
        pixel,
        [.. images.Select(_ => Time)]);
}
