using StructCore.Tests.MemoryBanks;
using StructCore.Vision.Features;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inference;

/// <summary>The coreset with a device's help, on the processor.</summary>
public sealed class DeviceCentreBoundsTests
{
    [Theory]
    [InlineData(1000, 37, 0)]
    [InlineData(1000, 37, 1000)]
    [InlineData(300, 300, 0)]
    [InlineData(20_001, 300, 3)]
    public void Sample_WithTheDevice_IsTheNaiveList(int rows, int size, float offset)
    {
        var proxies = Proxies(rows, offset);
        int[] among = [.. Enumerable.Range(0, rows).Where(r => r % 7 != 3 || rows == size)];
        using var bounds = new DeviceCentreBounds(proxies, among, new ExtractorOptions());

        Assert.Equal(NaiveMemoryBank.KCenterGreedy(proxies, size, among), KCenterGreedySampler.Sample(proxies, size, among, bounds: bounds));
    }

    [Fact]
    public void Sample_OfCopies_IsTheNaiveList()
    {
        var proxies = ProxyRows.Of([.. Enumerable.Range(0, 60 * Coreset.ProxyWidth).Select(i => (float)(i / Coreset.ProxyWidth % 3))]);
        using var bounds = new DeviceCentreBounds(proxies, [.. Enumerable.Range(0, 60)], new ExtractorOptions());

        Assert.Equal(NaiveMemoryBank.KCenterGreedy(proxies, 40, [.. Enumerable.Range(0, 60)]), KCenterGreedySampler.Sample(proxies, 40, bounds: bounds));
    }

    [Theory]
    [MemberData(nameof(MemoryBankGoldenTests.CoresetCases), MemberType = typeof(MemoryBankGoldenTests))]
    [Trait("Suite", "golden")]
    public void Sample_GoldenCase_IsChosenExactly(string? name)
    {
        var golden = GoldenCase.Open(name);
        Assert.SkipUnless(golden.HasInput("features"), "this case is about sizes");
        var shape = golden.InputShape("features");
        var proxies = new ProxyRows(shape[0], shape[1]);
        proxies.Set(0, golden.Input<float>("features"));
        using var bounds = new DeviceCentreBounds(proxies, [.. Enumerable.Range(0, shape[0])], new ExtractorOptions());

        golden.AssertOutput<long>("indices", Array.ConvertAll(KCenterGreedySampler.Sample(proxies, golden.Parameters.GetProperty("n").GetInt32(), bounds: bounds), i => (long)i));
    }

    [Fact]
    public void Lower_OfAllRows_LiesJustAboveTheTrueDistance()
    {
        var proxies = Proxies(2000, 10);
        int[] centres = [.. Enumerable.Range(0, 300).Select(c => c * 5)];
        using var bounds = new DeviceCentreBounds(proxies, [.. Enumerable.Range(0, 2000)], new ExtractorOptions());
        var nearest = new float[2000];
        Array.Fill(nearest, float.PositiveInfinity);
        (nearest[7], nearest[8]) = (-1, 0);

        bounds.Lower(centres, nearest);

        Assert.Equal((-1f, 0f), (nearest[7], nearest[8]));
        for (var row = 9; row < nearest.Length; row++)
        {
            var exact = centres.Min(c => SquaredDistance.Of(proxies[row], proxies[c]));
            Assert.InRange(nearest[row], exact, exact + 1);
        }
    }

    // Clusters of unequal spread, so that bounds differ; an offset that the mean must take away.
    private static ProxyRows Proxies(int rows, float offset)
    {
        var random = new Random(rows);
        var values = new float[rows * Coreset.ProxyWidth];
        for (var row = 0; row < rows; row++)
        {
            var (cluster, spread) = (random.Next(12), Math.Pow(random.NextDouble(), 4));
            for (var d = 0; d < Coreset.ProxyWidth; d++)
            {
                values[(row * Coreset.ProxyWidth) + d] = (float)(offset + (cluster * ((d % 3) - 1) * 0.7) + (spread * (random.NextDouble() - 0.5)));
            }
        }

        return ProxyRows.Of(values);
    }
}
