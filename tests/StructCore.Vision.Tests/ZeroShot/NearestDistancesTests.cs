using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

public sealed class NearestDistancesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 20)]
    [InlineData(7, 7)]
    [InlineData(30, 100)]
    [InlineData(5, 3)]
    public void AddMeans_AnyStream_IsTheMeanOfTheSmallestSorted(int keep, int added)
    {
        var random = new Random(keep);
        float[][] stream = [.. Enumerable.Range(0, added).Select(_ => new[] { random.NextSingle(), random.Next(3), random.NextSingle() })];
        var nearest = new NearestDistances(3, keep);
        foreach (var squared in stream)
        {
            nearest.Add(squared);
        }

        var scores = new float[] { 10, 10, 10 };
        nearest.AddMeans(0.5f, scores);

        for (var patch = 0; patch < 3; patch++)
        {
            Assert.Equal(10 + (0.5 * stream.Select(s => s[patch]).Order().Take(keep).Average(s => Math.Sqrt(s))), scores[patch], 1e-5);
        }
    }
}
