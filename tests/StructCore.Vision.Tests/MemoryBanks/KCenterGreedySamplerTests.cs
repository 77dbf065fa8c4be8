using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class KCenterGreedySamplerTests
{
    // Clusters of unequal spread, so that bounds differ and the lazy part has something to skip.
    private static ProxyRows Clustered(int rows, int width, int seed)
    {
        var random = new Random(seed);
        var values = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var (cluster, spread) = (random.Next(12), Math.Pow(random.NextDouble(), 4));
            for (var d = 0; d < width; d++)
            {
                values[(row * width) + d] = (float)((cluster * ((d % 3) - 1) * 0.7) + (spread * (random.NextDouble() - 0.5)));
            }
        }

        var proxies = new ProxyRows(rows, width);
        proxies.Add(values);
        return proxies;
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(1000, 37)]
    [InlineData(20_001, 300)]
    public void Sample_ClusteredRows_EqualsNaive(int rows, int size)
    {
        var proxies = Clustered(rows, 24, rows);
        Assert.Equal(NaiveMemoryBank.KCenterGreedy(proxies, size, [.. Enumerable.Range(0, rows)]), KCenterGreedySampler.Sample(proxies, size));
    }

    [Fact]
    public void Sample_AmongSomeRows_EqualsNaiveOnThem()
    {
        var proxies = Clustered(9000, 24, 5);
        int[] among = [.. Enumerable.Range(0, 9000).Where(r => r % 5 != 2)];
        Assert.Equal(NaiveMemoryBank.KCenterGreedy(proxies, 80, among), KCenterGreedySampler.Sample(proxies, 80, among));
    }

    [Fact]
    public void Sample_SmallerSize_IsPrefix()
    {
        var proxies = Clustered(12_000, 16, 7);
        Assert.Equal(KCenterGreedySampler.Sample(proxies, 200)[..90], KCenterGreedySampler.Sample(proxies, 90));
    }

    [Fact]
    public void Sample_AllRowsEqual_TakesLowestIndicesOnce()
    {
        var proxies = new ProxyRows(20, 8);
        proxies.Add(Enumerable.Repeat(0.5f, 160).ToArray());
        Assert.Equal([.. Enumerable.Range(0, 20)], KCenterGreedySampler.Sample(proxies, 20));
    }

    [Fact]
    public void Sample_MoreThanThereIs_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => KCenterGreedySampler.Sample(Clustered(10, 8, 1), 11));

    [Fact]
    public void ProxyRows_OddNumberOfRows_EqualsProjection()
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, 13 * 20).Select(_ => (float)random.NextDouble()).ToArray();
        var want = new float[13 * Coreset.ProxyWidth];
        new StructCore.Vision.Features.RandomProjection(20, Coreset.ProxyWidth, Coreset.ProxySeed).Project(features, 13, want);
        var proxies = new ProxyRows(13, 20);
        proxies.Add(features.AsSpan(0, 100));
        proxies.Add(features.AsSpan(100));
        Assert.Equal(13, proxies.Count);
        for (var i = 0; i < want.Length; i++)
        {
            Assert.Equal(want[i], proxies[i / Coreset.ProxyWidth][i % Coreset.ProxyWidth], 1e-5f);
        }
    }
}
