using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class RefilledCoresetTests
{
    [Theory]
    [InlineData(40, 12, 0.05, 0)]
    [InlineData(30, 10, 0.2, 0.4)]
    [InlineData(12, 6, 0.5, 0)]
    [InlineData(8, 5, 0.3, 0)]
    public void Without_AnyImageOfTheFold_CoversTheOthersFarthestFirst(int images, int rowsPerImage, double ratio, double copies)
    {
        var added = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var proxies = Proxies(images * rowsPerImage, copies, seed);
            int[] fold = [0, 3, 4, images - 1];
            var others = RowsOf(Enumerable.Range(0, images).Except(fold), rowsPerImage);
            var centres = KCenterGreedySampler.Sample(proxies, Math.Max(2, (int)(ratio * others.Length)), others);
            var radius = others.Max(row => Nearest(proxies, row, centres));
            var coreset = new RefilledCoreset(proxies, centres, radius, fold, rowsPerImage);
            foreach (var left in fold)
            {
                var naive = Naive(proxies, RowsOf(fold.Where(image => image != left), rowsPerImage), centres, radius);
                Assert.Equal(naive, coreset.Without(left));
                added += naive.Length;
            }
        }

        Assert.True(added > 0, "Nothing lay beyond the radius, so that nothing was tested.");
    }

    [Fact]
    public void Without_TheOnlyImageOfTheFold_AddsNothing()
    {
        var proxies = Proxies(24, copies: 0, seed: 3);
        Assert.Empty(new RefilledCoreset(proxies, [0, 5], squaredRadius: 0, [2], rowsPerImage: 6).Without(2));
    }

    private static int[] Naive(ProxyRows proxies, int[] rest, int[] coreset, float radius)
    {
        var centres = coreset.ToList();
        var added = new List<int>();
        for (; rest.MaxBy(row => Nearest(proxies, row, centres)) is var farthest && Nearest(proxies, farthest, centres) > radius; added.Add(farthest))
        {
            centres.Add(farthest);
        }

        return [.. added];
    }

    private static int[] RowsOf(IEnumerable<int> images, int rowsPerImage) => [.. images.SelectMany(image => Enumerable.Range(image * rowsPerImage, rowsPerImage))];

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
