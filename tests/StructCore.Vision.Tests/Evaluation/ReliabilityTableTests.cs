using StructCore.Vision.Calibration;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

public sealed class ReliabilityTableTests
{
    [Fact]
    public void Rows_OfAConformalCalibration_CountAboveTheThresholdOfEachNominalRate()
    {
        // 99 normal scores 1 to 99: k = floor(100·alpha) of them are at or above the threshold, 100 - k.
        var table = new ReliabilityTable();
        table.Add(Calibration(ThresholdRule.Conformal(0.005)), [90.5f, 95, 98.5f, 99.5f], [50, 97, 120]);

        var rows = table.Rows();

        Assert.Equal(ReliabilityTable.NominalRates, rows.Select(r => r.Nominal));
        Assert.Equal([0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 1], rows.Select(r => r.Measured));
        Assert.Equal([2 / 3.0, 2 / 3.0, 2 / 3.0, 2 / 3.0, 2 / 3.0, 1 / 3.0, 1 / 3.0], rows.Select(r => r.Miss!.Value));
        Assert.All(rows, r => Assert.Equal((4, ClopperPearson.Interval((int)(4 * r.Measured), 4)), (r.Trials, (r.Low, r.High))));
    }

    [Fact]
    public void Rows_OfAQuantileCalibration_FollowItsQuantiles()
    {
        var table = new ReliabilityTable();
        table.Add(Calibration(ThresholdRule.AtQuantile(0.995)), [94.05f, 94.15f], []);

        // 1 + 0.95·98 = 94.1 at nominal 5 %.
        var row = Assert.Single(table.Rows(), r => r.Nominal == 0.05);
        Assert.Equal((0.5, null), (row.Measured, row.Miss));
    }

    [Fact]
    public void Rows_OfSeveralSplits_AreOverAllTrials()
    {
        var table = new ReliabilityTable();
        table.Add(Calibration(ThresholdRule.Conformal(0.005)), [1, 2, 3], [200]);
        table.Add(Calibration(ThresholdRule.Conformal(0.005)), [100], [1]);

        var row = table.Rows()[^1];

        Assert.Equal((0.25, 0.5, 4), (row.Measured, row.Miss!.Value, row.Trials));
    }

    [Fact]
    public void Rows_WithoutGoodImages_AreNone() => Assert.Empty(new ReliabilityTable().Rows());

    [Fact]
    public void Add_ACalibrationWithoutNormalScores_IsRefused() =>
        Assert.Contains("Fit the bank again", Assert.Throws<ArgumentException>(() => new ReliabilityTable().Add(Calibration(ThresholdRule.Conformal(0.1)) with { Normal = null }, [1], [])).Message);

    /// <summary>lambda 0: the hybrid score is the maximum.</summary>
    private static ScoreCalibration Calibration(ThresholdRule rule) => Calibrator.Calibrate(
        new NormalScores(Enumerable.Range(1, 99).Select(i => default(NormalScore) with { Map = new MapStatistics(i, new StructuralDescriptor(i, i, i)) })),
        CalibrationMethod.HeldOut,
        DistanceForm.OneSided,
        rule,
        fixedLambda: 0);
}
