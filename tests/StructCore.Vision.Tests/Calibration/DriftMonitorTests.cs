using StructCore.Vision.Calibration;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Calibration;

public sealed class DriftMonitorTests
{
    private const int Window = 100;
    private const int PartsPerFalseAlarm = 100_000;

    [Fact]
    public void Parts_LikeTheCalibrationImages_RaiseNoMoreFalseAlarmsThanStated()
    {
        const int Calibrations = 300;
        const int Parts = 2500;
        const int Stated = 1000;
        var (random, alarms) = (new Random(3), 0);
        for (var i = 0; i < Calibrations; i++)
        {
            var monitor = DriftMonitor.Of(Calibrate(random, 80), Window, Stated)!;
            for (var part = 0; part < Parts; part++)
            {
                var before = monitor.Reading is { Suspected: true };
                alarms += monitor.Add(Draw(random), Draw(random)) && !before && monitor.Reading!.Suspected ? 1 : 0;
            }
        }

        // A calibration that happens to lie low raises several, so that they are no independent events: half of what is stated is far from chance.
        Assert.InRange(alarms, 1, Calibrations * Parts / Stated);
    }

    [Theory]
    [InlineData(0.6, 0)]
    [InlineData(0, 0.6)]
    public void Parts_ThatScoreOrRouteHigher_AreSuspected(double score, double routeDistance)
    {
        var reading = Run(Calibrate(new Random(4), 200), score, routeDistance);
        Assert.True(reading.Suspected);
        Assert.Equal(Window, reading.Parts);
        Assert.Equal(score > 0, reading.Score.PValue < 1e-4);
        Assert.Equal(routeDistance > 0, reading.RouteDistance.PValue < 1e-4);
        Assert.InRange(score > 0 ? reading.Score.Above : reading.RouteDistance.Above, 0.6, 0.8);
    }

    [Theory]
    [InlineData(CalibrationMethod.KFold, false)]
    [InlineData(CalibrationMethod.LeaveOneOut, false)]
    [InlineData(CalibrationMethod.HeldOut, true)]
    [InlineData(CalibrationMethod.LeaveOneImageOut, false)]
    public void Parts_ThatScoreLower_AreSuspectedWhereTheImagesWereHeldOut(CalibrationMethod method, bool suspected) =>
        Assert.Equal(suspected, Run(Calibrate(new Random(5), 200) with { Method = method }, -1, 0).Suspected);

    [Fact]
    public void Suspicion_Ends_OnlyWhenPartsLookOrdinaryAgain()
    {
        var (random, monitor) = (new Random(6), DriftMonitor.Of(Calibrate(new Random(4), 200), Window, PartsPerFalseAlarm)!);
        var (states, values) = (new List<bool>(), new List<double>());
        foreach (var shift in Enumerable.Repeat(0, 200).Concat(Enumerable.Repeat(1, 200)).Concat(Enumerable.Repeat(0, 200)))
        {
            if (monitor.Add(Draw(random, shift), Draw(random)))
            {
                states.Add(monitor.Reading!.Suspected);
                values.Add(Math.Min(monitor.Reading.Score.PValue, monitor.Reading.RouteDistance.PValue));
            }
        }

        Assert.Equal(21, states.Count);
        Assert.Equal([false, true, false], states.Where((s, i) => i == 0 || s != states[i - 1]));
        Assert.All(states.Zip(values).Skip(states.LastIndexOf(true)).Skip(1), s => Assert.True(s.Second > 0.05));
    }

    [Fact]
    public void Parts_OfAStrictThreshold_AreComparedWithTheImagesItAccepts()
    {
        var random = new Random(7);
        var calibration = Calibrate(random, 400) with { Method = CalibrationMethod.HeldOut };
        var strict = calibration with { Threshold = (float)Quantile.Of(calibration.Normal!.Select(n => (double)n.Map.Maximum), 0.5) };
        var monitor = DriftMonitor.Of(strict, Window, PartsPerFalseAlarm)!;
        for (var i = 0; i < 4 * Window;)
        {
            if (Draw(random) is var score && score <= strict.Threshold)
            {
                monitor.Add(score, Draw(random));
                i++;
            }
        }

        Assert.False(monitor.Reading!.Suspected);
        Assert.InRange(monitor.Reading.Score.Above, 0.4, 0.6);
    }

    [Fact]
    public void Calibration_ThatCannotBeComparedWith_IsNotWatched()
    {
        var calibration = Calibrate(new Random(8), 40);
        Assert.NotNull(DriftMonitor.Of(calibration, Window, PartsPerFalseAlarm));
        Assert.Null(DriftMonitor.Of(calibration with { Normal = null }, Window, PartsPerFalseAlarm));
        Assert.Null(DriftMonitor.Of(calibration with { Method = CalibrationMethod.Paper }, Window, PartsPerFalseAlarm));
        Assert.Null(DriftMonitor.Of(calibration with { Threshold = 0 }, Window, PartsPerFalseAlarm));
    }

    [Fact]
    public void Window_NotFull_IsNotTested()
    {
        var monitor = DriftMonitor.Of(Calibrate(new Random(9), 40), Window, PartsPerFalseAlarm)!;
        Assert.DoesNotContain(Enumerable.Range(0, Window - 1).Select(_ => monitor.Add(100, 100)), tested => tested);
        Assert.Null(monitor.Reading);
        Assert.True(monitor.Add(100, 100));
        Assert.True(monitor.Reading!.Suspected);
    }

    private static DriftReading Run(ScoreCalibration calibration, double score, double routeDistance)
    {
        var (random, monitor) = (new Random(10), DriftMonitor.Of(calibration, Window, PartsPerFalseAlarm)!);
        for (var i = 0; i < Window; i++)
        {
            monitor.Add(Draw(random, score), Draw(random, routeDistance));
        }

        return monitor.Reading!;
    }

    /// <summary>Lambda is 0, so that the hybrid score is the maximum.</summary>
    private static ScoreCalibration Calibrate(Random random, int images) => Calibrator.Calibrate(
        new NormalScores(Enumerable.Range(0, images).Select(_ => new NormalScore(new(Draw(random), new StructuralDescriptor(1, 1, 1)), Draw(random), 0))),
        CalibrationMethod.KFold,
        DistanceForm.OneSided,
        ThresholdRule.Conformal(0.005),
        fixedLambda: 0);

    // Normal around 10, deviation 1.
    private static float Draw(Random random, double shift = 0) =>
        (float)(10 + shift + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
}
