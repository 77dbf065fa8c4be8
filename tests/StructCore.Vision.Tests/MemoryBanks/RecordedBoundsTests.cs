using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class RecordedBoundsTests
{
    [Theory]
    [InlineData(40, 12, 0, 0)]
    [InlineData(60, 9, 3, 0)]
    [InlineData(30, 10, 4, 0.3)]
    [InlineData(12, 6, 2, 0.9)]
    [InlineData(3, 4, 0, 0)]
    public void Sample_WithoutAnImage_IsTheListWithoutThem(int images, int rowsPerImage, int clusters, double copies)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var proxies = Proxies(images * rowsPerImage, clusters, copies, seed);
            for (var image = 0; image < images; image++)
            {
                AssertSameList(proxies, [.. Enumerable.Range(0, proxies.Count)], row => row / rowsPerImage != image, 0.2);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Sample_WithoutAFoldOfSomeImages_IsTheListWithoutThem(int folds)
    {
        var proxies = Proxies(60 * 8, clusters: 5, copies: 0, seed: 11);
        int[] rows = [.. Enumerable.Range(0, proxies.Count).Where(row => row / 8 % 3 != 1)];
        for (var fold = 0; fold < folds; fold++)
        {
            AssertSameList(proxies, rows, row => row / 8 % folds != fold, 0.3);
        }
    }

    /// <summary>Upper bounds all of them, and the distance itself where the nearest centre is one of all rows.</summary>
    [Fact]
    public void Lower_ByTheCentresOfAllRows_GivesTheirDistances()
    {
        var proxies = Proxies(300, clusters: 3, copies: 0, seed: 2);
        int[] rows = [.. Enumerable.Range(0, 300)];
        int[] among = [.. rows.Where(row => row % 4 != 1)];
        var coreset = KCenterGreedySampler.Sample(proxies, 40, rows);
        using var bounds = Bounds(proxies, rows, coreset, among);
        var nearest = new float[among.Length];
        Array.Fill(nearest, float.PositiveInfinity);
        bounds.Lower(coreset.AsSpan(0, 20), nearest);
        Assert.Equal(among.Select(row => coreset.Take(20).Min(c => SquaredDistance.Of(proxies[row], proxies[c]))), nearest);
        bounds.Lower([among.First(row => !coreset.Contains(row))], nearest);
        Assert.Equal(among.Select(row => coreset.Take(20).Min(c => SquaredDistance.Of(proxies[row], proxies[c]))), nearest);
    }

    private static void AssertSameList(ProxyRows proxies, int[] rows, Func<int, bool> stays, double ratio)
    {
        int[] among = [.. rows.Where(stays)];
        var size = Math.Max(1, (int)(ratio * among.Length));
        using var bounds = Bounds(proxies, rows, KCenterGreedySampler.Sample(proxies, Math.Max(1, (int)(ratio * rows.Length)), rows), among);
        Assert.Equal(KCenterGreedySampler.Sample(proxies, size, among), KCenterGreedySampler.Sample(proxies, size, among, threads: 1, bounds: bounds));
    }

    private static RecordedBounds Bounds(ProxyRows proxies, int[] rows, int[] coreset, int[] among) =>
        new(new CentreRecords(proxies, rows, Array.ConvertAll(coreset, row => Array.BinarySearch(rows, row))), coreset.Index().ToDictionary(c => c.Item, c => c.Index), rows, among);

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
