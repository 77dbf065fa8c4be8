using FsCheck;
using FsCheck.Fluent;
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
        proxies.Set(0, values);
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

    /// <summary>Rows of few values, so that ties and copies abound, or of any; copies of a handful; all the same.</summary>
    private static ProxyRows Rows(int count, int kind, Random random)
    {
        var values = new float[count * Coreset.ProxyWidth];
        var distinct = kind switch { 0 => count, 1 => count, 2 => 5, _ => 1 };
        for (var row = 0; row < count; row++)
        {
            var target = values.AsSpan(row * Coreset.ProxyWidth, Coreset.ProxyWidth);
            if (row >= distinct)
            {
                values.AsSpan(random.Next(distinct) * Coreset.ProxyWidth, Coreset.ProxyWidth).CopyTo(target);
                continue;
            }

            for (var d = 0; d < target.Length; d++)
            {
                target[d] = kind == 1 ? random.Next(20) / 19 : 100 + (float)(random.NextDouble() * row);
            }
        }

        return ProxyRows.Of(values);
    }

    [Fact]
    [Trait("Suite", "vectors")]
    public void Sample_AnyRowsAndThreads_EqualsNaive()
    {
        var cases = from count in Gen.Choose(1, 400)
                    from size in Gen.Choose(1, count)
                    from kind in Gen.Choose(0, 3)
                    from threads in Gen.Elements(1, 2, 7, -1)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (count, size, kind, threads, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var random = new Random(c.seed);
            var proxies = Rows(c.count, c.kind, random);
            int[] among = [.. Enumerable.Range(0, c.count).Where(_ => random.Next(4) > 0).DefaultIfEmpty(0)];
            var size = Math.Min(c.size, among.Length);
            Assert.Equal(NaiveMemoryBank.KCenterGreedy(proxies, size, among), KCenterGreedySampler.Sample(proxies, size, among, threads: c.threads));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(2e19f)]
    public void Sample_RowWithoutDistances_IsRefused(float value)
    {
        var values = new float[9 * Coreset.ProxyWidth];
        values[(7 * Coreset.ProxyWidth) + 3] = value;
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => KCenterGreedySampler.Sample(ProxyRows.Of(values), 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_AllRowsEqual_TakesLowestIndicesOnce()
    {
        var proxies = new ProxyRows(20, 8);
        proxies.Set(0, Enumerable.Repeat(0.5f, 160).ToArray());
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
        proxies.Set(5, features.AsSpan(100));
        proxies.Set(0, features.AsSpan(0, 100));
        Assert.Equal(13, proxies.Count);
        for (var i = 0; i < want.Length; i++)
        {
            Assert.Equal(want[i], proxies[i / Coreset.ProxyWidth][i % Coreset.ProxyWidth], 1e-5f);
        }
    }
}
