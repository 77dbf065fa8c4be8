using FsCheck;
using FsCheck.Fluent;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Scoring;

public sealed class MapStatisticsTests
{
    [Fact]
    public void Of_AnyScores_EqualsTheNaiveTwinAndTheMapsOwn() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var (height, width, side, scale) = (random.Next(1, 30), random.Next(1, 30), random.Next(17, 120), Math.Pow(10, random.Next(-4, 5)));
            var scores = new PatchScores(height, width, [.. Enumerable.Range(0, height * width).Select(_ => (float)(scale * Math.Pow(random.NextDouble(), 4)))]);

            var got = MapStatistics.Of(scores, side);

            var map = NaiveMap.Of(scores, side);
            AssertNear(NaiveMap.Statistics(map, side), got, 1e-5 * map.Max());
            var stored = AnomalyMap.From(scores, side);
            Assert.Equal(MapStatistics.Of(stored), got);
            Assert.All(map.Zip(stored.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * map.Max()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_ConstantScores_HasNoStructure()
    {
        var (maximum, phi) = MapStatistics.Of(new PatchScores(28, 28, [.. Enumerable.Repeat(3f, 784)]), 224);
        Assert.Equal(3f, maximum, 1e-5f);
        Assert.Equal(0f, phi.Dispersion, 1e-5f);
        Assert.Equal(3f, phi.Tail, 1e-5f);
        Assert.Equal(0f, phi.TotalVariation, 1e-5f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_ScoreThatIsNotFinite_GivesNoNumbers(float score)
    {
        foreach (var place in (int[])[0, 400, 783])
        {
            var scores = new float[784];
            scores[place] = score;
            var (maximum, phi) = MapStatistics.Of(new PatchScores(28, 28, scores), 224);
            Assert.All([maximum, phi.Dispersion, phi.Tail, phi.TotalVariation], v => Assert.True(float.IsNaN(v)));
        }
    }

    [Fact]
    public void Of_Scores_AllocatesNextToNothing()
    {
        var scores = new PatchScores(28, 28, new float[784]);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            MapStatistics.Of(scores, 392);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The pool may hand its arrays to another test in between: what counts is that a call can do without.
        Assert.True(Enumerable.Range(0, 20).Min(_ => Allocated()) < 1024);
    }

    private static void AssertNear(MapStatistics want, MapStatistics got, double tolerance)
    {
        Assert.Equal(want.Maximum, got.Maximum, tolerance);
        Assert.Equal(want.Structure.Dispersion, got.Structure.Dispersion, tolerance);
        Assert.Equal(want.Structure.Tail, got.Structure.Tail, tolerance);
        Assert.Equal(want.Structure.TotalVariation, got.Structure.TotalVariation, tolerance);
    }
}
