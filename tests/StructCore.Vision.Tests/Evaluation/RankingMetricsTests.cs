using StructCore.Vision.Evaluation;

namespace StructCore.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Metrics_OfRandomScores_EqualTheNaiveOnes(int seed)
    {
        var (good, defective) = RandomScores(seed);

        var metrics = RankingMetrics.Of(good, defective);

        Assert.Equal(NaiveMetrics.Auroc(good, defective), metrics.Auroc, 1e-12);
        Assert.Equal(NaiveMetrics.AveragePrecision(good, defective), metrics.AveragePrecision, 1e-12);
        Assert.Equal(NaiveMetrics.F1Max(good, defective), metrics.F1Max, 1e-12);
    }

    [Fact]
    public void Metrics_OfSeparatedScores_AreOne() => Assert.Equal(new RankingMetrics(1, 1, 1), RankingMetrics.Of([1, 2], [3, 4]));

    [Fact]
    public void Metrics_OfOneScoreForAll_AreThoseOfChance() => Assert.Equal(new RankingMetrics(0.5, 0.25, 0.4), RankingMetrics.Of([7, 7, 7], [7]));

    [Fact]
    public void Metrics_OfInfiniteScores_StillRank() => Assert.Equal(1, RankingMetrics.Of([0], [float.PositiveInfinity]).Auroc);

    [Theory]
    [InlineData(new float[0], new[] { 1f })]
    [InlineData(new[] { 1f }, new float[0])]
    public void Metrics_OfOneClass_AreRefusedWithTheCounts(float[] good, float[] defective) =>
        Assert.Contains($"got {good.Length} good and {defective.Length} defective", Assert.Throws<ArgumentException>(() => RankingMetrics.Of(good, defective)).Message);

    [Fact]
    public void Metrics_OfNaN_AreRefused()
    {
        Assert.Throws<ArgumentException>("good", () => RankingMetrics.Of([1, float.NaN], [2]));
        Assert.Throws<ArgumentException>("defective", () => RankingMetrics.Of([1], [2, float.NaN]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RocCurve_OfRandomScores_RisesFromOriginToOneAndHoldsTheAuroc(int seed)
    {
        var (good, defective) = RandomScores(seed);

        var curve = RocCurve.Of(good, defective);

        Assert.Equal(default, curve[0]);
        Assert.Equal(new RocPoint(1, 1), curve[^1]);
        Assert.Equal(good.Concat(defective).Distinct().Count() + 1, curve.Count);
        var area = curve.Zip(curve.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(NaiveMetrics.Auroc(good, defective), area, 1e-12);
    }

    [Fact]
    public void RocCurve_OfOneClass_IsRefused() => Assert.Throws<ArgumentException>(() => RocCurve.Of([1], []));

    /// <summary>Coarse values, so that many scores are tied.</summary>
    private static (float[] Good, float[] Defective) RandomScores(int seed)
    {
        var random = new Random(seed);
        return (Draw(0), Draw(random.Next(4)));

        float[] Draw(int shift) => [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (random.Next(12) + shift) / 4f)];
    }
}
