using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class LeftOutCoresetsTests
{
    [Theory]
    [InlineData(40, 12, 0, 0)]
    [InlineData(60, 9, 3, 0)]
    [InlineData(25, 20, 8, 0)]
    [InlineData(30, 10, 4, 0.3)]
    [InlineData(12, 6, 2, 0.9)]
    [InlineData(3, 4, 0, 0)]
    public void Without_AnyImage_IsTheSamplersListOfTheRest(int images, int rowsPerImage, int clusters, double copies)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var proxies = Proxies(images * rowsPerImage, clusters, copies, seed);
            foreach (var ratio in new[] { 0.05, 0.2, 0.6 })
            {
                var size = Math.Max(2, (int)(ratio * proxies.Count));
                AssertAllLists(proxies, [.. Enumerable.Range(0, proxies.Count)], rowsPerImage, size);
            }
        }
    }

    [Fact]
    public void Without_AmongSomeImages_IsTheSamplersListOfTheRest()
    {
        var proxies = Proxies(50 * 8, clusters: 5, copies: 0, seed: 11);
        int[] rows = [.. Enumerable.Range(0, proxies.Count).Where(row => row / 8 % 3 != 1)];
        AssertAllLists(proxies, rows, 8, 40);
    }

    /// <summary>Outliers of one image take the first places: without them everything else comes earlier.</summary>
    [Fact]
    public void Without_TheImageThatStandsOut_IsTheSamplersListOfTheRest()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 40 * 10 * Coreset.ProxyWidth).Select(i => random.NextSingle() * (i / (10 * Coreset.ProxyWidth) == 17 ? 30 : 1)).ToArray();
        AssertAllLists(ProxyRows.Of(values), [.. Enumerable.Range(0, 400)], 10, 60);
    }

    private static void AssertAllLists(ProxyRows proxies, int[] rows, int rowsPerImage, int size)
    {
        var coresets = new LeftOutCoresets(proxies, rows, KCenterGreedySampler.Sample(proxies, LeftOutCoresets.Longer(size, rows.Length), rows));
        for (var first = 0; first < rows.Length; first += rowsPerImage)
        {
            int[] rest = [.. rows[..first], .. rows[(first + rowsPerImage)..]];
            var fewer = Math.Min(size - 1, rest.Length);
            Assert.Equal(KCenterGreedySampler.Sample(proxies, fewer, rest, threads: 1), coresets.Without(first, rowsPerImage, fewer));
        }
    }

    private static ProxyRows Proxies(int rows, int clusters, double copies, int seed)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, Math.Max(1, clusters)).Select(_ => Row(clusters > 0 ? 4 : 0)).ToArray();
        var values = new List<float[]>();
        for (var i = 0; i < rows; i++)
        {
            values.Add(i > 0 && random.NextDouble() < copies ? values[random.Next(i)] : [.. Row(1).Zip(centres[random.Next(centres.Length)], (a, b) => a + b)]);
        }

        return ProxyRows.Of([.. values.SelectMany(v => v)]);

        float[] Row(float size) => [.. Enumerable.Range(0, Coreset.ProxyWidth).Select(_ => size * (random.NextSingle() - 0.5f))];
    }
}
