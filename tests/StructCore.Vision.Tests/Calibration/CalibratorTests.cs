using StructCore.Vision.Calibration;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Calibration;

public sealed class CalibratorTests
{
    public static TheoryData<string?> CalibrationCases => GoldenCase.Names("calibration");

    [Theory]
    [Trait("Suite", "golden")]
    [MemberData(nameof(CalibrationCases))]
    public void Calibrate_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var lambda = golden.Parameters.GetProperty("lambda");
        var form = golden.Parameters.TryGetProperty("distance", out var d) && d.GetString() is "one-sided" or "one_sided" ? DistanceForm.OneSided : DistanceForm.TwoSided;
        var calibration = Calibrator.Calibrate(
            [.. golden.Input<float>("s_base").Zip(Descriptors(golden, "phi"), (s, p) => new MapStatistics(s, p))],
            CalibrationMethod.Paper,
            form,
            golden.Parameters.GetProperty("quantile").GetDouble(),
            lambda.ValueKind == System.Text.Json.JsonValueKind.Number ? lambda.GetSingle() : null);
        golden.AssertOutput<float>("mu", Values(calibration.Mean));
        golden.AssertOutput<float>("sigma", Values(calibration.Deviation));
        golden.AssertOutput<float>("lambda", [calibration.Lambda]);
        golden.AssertOutput<float>("tau", [calibration.Threshold]);
        var scores = golden.Input<float>("test_s_base").Zip(Descriptors(golden, "test_phi"), calibration.Score).ToArray();
        golden.AssertOutput<float>("d", scores.Select(s => s.Structural).ToArray());
        golden.AssertOutput<float>("s_hyb", scores.Select(s => s.Hybrid).ToArray());
    }

    [Fact]
    public void Score_CalmerThanNormal_CountsOnlyTwoSided()
    {
        var normal = Normal(20);
        var calm = new StructuralDescriptor(0, 0, 0);
        var two = Calibrator.Calibrate(normal, CalibrationMethod.Paper, DistanceForm.TwoSided, 0.995).Score(1, calm);
        var one = Calibrator.Calibrate(normal, CalibrationMethod.Paper, DistanceForm.OneSided, 0.995).Score(1, calm);
        Assert.True(two.Structural > 1);
        Assert.Equal(0f, one.Structural);
        Assert.Equal(one.Base, one.Hybrid);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Calibrate_TooFewImages_SaysHowMany(int count)
    {
        var error = Assert.Throws<CalibrationException>(() => Calibrator.Calibrate(Normal(count), CalibrationMethod.Paper, DistanceForm.TwoSided, 0.995));
        Assert.StartsWith($"Calibration needs at least 3 usable normal images, got {count}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibrate_ScoreThatIsNotANumber_Refuses() =>
        Assert.Throws<CalibrationException>(() => Calibrator.Calibrate([.. Normal(5), new MapStatistics(float.NaN, default)], CalibrationMethod.Paper, DistanceForm.TwoSided, 0.995));

    [Fact]
    public void Rejects_ScoreThatIsNotANumber_IsTrue()
    {
        var calibration = Calibrator.Calibrate(Normal(5), CalibrationMethod.Paper, DistanceForm.TwoSided, 0.995);
        Assert.True(calibration.Rejects(new ImageScore(float.NaN, 0, float.NaN)));
        Assert.False(calibration.Rejects(new ImageScore(0, 0, calibration.Threshold)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 2.5)]
    [InlineData(1, 4)]
    [InlineData(0.9, 3.7)]
    public void Quantile_FourValues_InterpolatesLinearly(double q, double want) => Assert.Equal(want, Quantile.Of([4, 1, 3, 2], q), 1e-12);

    private static MapStatistics[] Normal(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new MapStatistics(1 + (0.1f * i), new StructuralDescriptor(2 + (0.1f * i), 3 + (0.05f * (i % 3)), 1 + (0.02f * i))))];

    private static IEnumerable<StructuralDescriptor> Descriptors(GoldenCase golden, string name) =>
        golden.Input<float>(name).Chunk(3).Select(c => new StructuralDescriptor(c[0], c[1], c[2]));

    private static float[] Values(StructuralDescriptor phi) => [phi.Dispersion, phi.Tail, phi.TotalVariation];
}
