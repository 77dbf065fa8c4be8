using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class RefilledCoresetsTests
{
    [Theory]
    [InlineData(40, 12, 0.05, 0)]
    [InlineData(30, 10, 0.2, 0.4)]
    [InlineData(12, 6, 0.5, 0)]
    [InlineData(8, 5, 0.3, 0)]
    public void Without_AnyImage_FillsWhatItLeavesOpenFarthestFirst(int images, int rowsPerImage, double ratio, double copies)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            AssertFilled(Proxies(images * rowsPerImage, copies, seed), [.. Enumerable.Range(0, images * rowsPerImage)], rowsPerImage, ratio);
        }
    }

    [Fact]
    public void Without_AmongSomeImages_LooksAtThoseOnly()
    {
        var proxies = Proxies(50 * 8, copies: 0, seed: 11);
        AssertFilled(proxies, [.. Enumerable.Range(0, proxies.Count).Where(row => row / 8 % 3 != 1)], 8, 0.1);
    }

    private static void AssertFilled(ProxyRows proxies, int[] rows, int rowsPerImage, double ratio)
    {
        var coreset = KCenterGreedySampler.Sample(proxies, Math.Max(2, (int)(ratio * rows.Length)), rows);
        var radius = rows.Max(row => Nearest(proxies, row, coreset));
        var centres = Array.ConvertAll(coreset, row => Array.BinarySearch(rows, row));
        var coresets = new RefilledCoresets(proxies, rows, centres, new CentreRecords(proxies, rows, centres));
        var filled = 0;
        for (var first = 0; first < rows.Length; first += rowsPerImage)
        {
            var added = coresets.Without(first, rowsPerImage);
            Assert.Equal(Naive(proxies, [.. rows[..first], .. rows[(first + rowsPerImage)..]], coreset, radius), added);
            filled += added.Length;
        }

        Assert.True(filled > 0, "No image left anything open, so that nothing was tested.");
    }

    private static int[] Naive(ProxyRows proxies, int[] rest, int[] coreset, float radius)
    {
        var centres = coreset.Intersect(rest).ToList();
        var added = new List<int>();
        for (; rest.MaxBy(row => Nearest(proxies, row, centres)) is var farthest && Nearest(proxies, farthest, centres) > radius; added.Add(farthest))
        {
            centres.Add(farthest);
        }

        return [.. added];
    }

    private static float Nearest(ProxyRows proxies, int row, IEnumerable<int> centres) =>
        centres.Select(centre => SquaredDistance.Of(proxies[row], proxies[centre])).DefaultIfEmpty(float.PositiveInfinity).Min();

    private static ProxyRows Proxies(int rows, double copies, int seed)
    {
        var random = new Random(seed);
        var values = new List<float[]>();
        for (var i = 0; i < rows; i++)
        {
            values.Add(i > 0 && random.NextDouble() < copies ? values[random.Next(i)] : [.. Enumerable.Range(0, Coreset.ProxyWidth).Select(d => random.NextSingle() * (d < 3 ? 4 : 0.1f))]);
        }

        return ProxyRows.Of([.. values.SelectMany(v => v)]);
    }
}
