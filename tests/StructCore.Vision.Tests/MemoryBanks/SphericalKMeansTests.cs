using System.Numerics.Tensors;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class SphericalKMeansTests
{
    [Fact]
    public void Cluster_SeparateDirections_FindsThemAll()
    {
        // Four directions, each with a little noise: with k = 4 every prototype must stand near one of them.
        var random = new Random(4);
        var rows = new float[400 * 8];
        for (var row = 0; row < 400; row++)
        {
            for (var d = 0; d < 8; d++)
            {
                rows[(row * 8) + d] = (row % 4 == d ? 1 : 0) + (0.02f * (float)random.NextDouble());
            }

            RoutingSpace.Normalise(rows.AsSpan(row * 8, 8));
        }

        var prototypes = SphericalKMeans.Cluster(rows, 8, 4);
        var directions = Enumerable.Range(0, 4).Select(c => TensorPrimitives.IndexOfMax<float>(prototypes.AsSpan(c * 8, 8))).Order();
        Assert.Equal([0, 1, 2, 3], directions);
        Assert.All(Enumerable.Range(0, 4), c => Assert.Equal(1f, TensorPrimitives.Norm<float>(prototypes.AsSpan(c * 8, 8)), 1e-5f));
    }

    [Fact]
    public void Cluster_MoreRowsThanOneThreadTakes_EndsWhereEachPrototypeIsTheMeanOfItsRows()
    {
        var random = new Random(8);
        var rows = Enumerable.Range(0, 1300 * 8).Select(i => (i / 8 % 6 == i % 8 ? 1 : 0) + (0.3f * (float)random.NextDouble())).ToArray();
        for (var row = 0; row < 1300; row++)
        {
            RoutingSpace.Normalise(rows.AsSpan(row * 8, 8));
        }

        var prototypes = SphericalKMeans.Cluster(rows, 8, 6);

        var means = new float[prototypes.Length];
        foreach (var row in rows.Chunk(8))
        {
            var nearest = Enumerable.Range(0, 6).MinBy(c => TensorPrimitives.Distance<float>(row, prototypes.AsSpan(c * 8, 8)));
            TensorPrimitives.Add(means.AsSpan(nearest * 8, 8), row, means.AsSpan(nearest * 8, 8));
        }

        for (var c = 0; c < 6; c++)
        {
            RoutingSpace.Normalise(means.AsSpan(c * 8, 8));
        }

        Assert.All(means.Zip(prototypes), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Cluster_FewerDistinctRowsThanClusters_GivesUnitPrototypes()
    {
        var rows = Enumerable.Repeat(new float[] { 0.6f, 0.8f }, 10).SelectMany(r => r).ToArray();
        var prototypes = SphericalKMeans.Cluster(rows, 2, 64);
        Assert.Equal(20, prototypes.Length);
        Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(1f, TensorPrimitives.Norm<float>(prototypes.AsSpan(c * 2, 2)), 1e-5f));
    }

    [Theory]
    [InlineData(7, 100, 7)]
    [InlineData(7, 40_000, 14)]
    [InlineData(19_999, 597_408, 597_378)]
    public void SampleRow_Total_IsSpreadEvenly(int i, int total, int row) => Assert.Equal(row, SphericalKMeans.SampleRow(i, total));
}
