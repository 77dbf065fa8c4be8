using StructCore.Vision.Calibration;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Calibration;

public sealed class PValuesTests
{
    [Fact]
    public void Of_AgainstCounting_Agrees()
    {
        var calibration = Calibration(37, 0.05, seed: 1);
        var (p, scores) = (PValues.Of(calibration)!, Scores(calibration));
        foreach (var score in scores.Concat(scores.Select(MathF.BitIncrement)).Append(-1).Append(1e9f))
        {
            Assert.Equal((1d + scores.Count(s => s >= score)) / 38, p.Of(score), 1e-15);
        }
    }

    [Fact]
    public void Of_NoNumber_IsTheSmallest() => Assert.Equal(1d / 38, PValues.Of(Calibration(37, 0.05, seed: 1))!.Of(float.NaN));

    [Fact]
    public void Of_CalibrationWithoutNormalScores_IsNone() => Assert.Null(PValues.Of(Calibration(5, 0.05, seed: 1) with { Normal = null }));

    /// <summary>The threshold and the p-value are one decision, whatever the numbers.</summary>
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.005)]
    [InlineData(0.07)]
    [InlineData(0.29)]
    [InlineData(0.999)]
    public void Conformal_Rejects_ExactlyWherePIsAtMostAlpha(double alpha)
    {
        for (var images = 3; images < 250; images++)
        {
            var calibration = Calibration(images, alpha, seed: images);
            var p = PValues.Of(calibration)!;
            var bound = (decimal)alpha * (images + 1) < 1 ? 1d / (images + 1) : alpha;
            foreach (var score in Scores(calibration).SelectMany(s => new[] { s, MathF.BitIncrement(s) }))
            {
                Assert.Equal(p.Of(score) <= bound * (1 + 1e-12), calibration.Rejects(new ImageScore(0, 0, score)));
            }
        }
    }

    internal static ScoreCalibration Calibration(int images, double alpha, int seed)
    {
        var random = new Random(seed);
        return Calibrator.Calibrate(
            new NormalScores(Enumerable.Range(0, images).Select(_ => new NormalScore(new(Value(), new(Value(), Value(), Value())), Value(), Value()))),
            CalibrationMethod.HeldOut,
            DistanceForm.OneSided,
            ThresholdRule.Conformal(alpha));

        float Value() => 1 + random.NextSingle();
    }

    private static float[] Scores(ScoreCalibration calibration) => [.. calibration.Normal!.Select(n => calibration.Score(n.Map.Maximum, n.Map.Structure).Hybrid)];
}
