using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class CoresetExtensionTests
{
    private const int Width = 24;

    [Fact]
    public void Beyond_PatchesOfTheCoresetsOwnImages_IsEmptyAtItsRadius()
    {
        var (patches, rows) = Coreset(400, 40);
        Assert.Empty(new CoresetExtension(rows, Width).Beyond(patches));
    }

    [Fact]
    public void SquaredRadius_IsTheDistanceTheLastRowWasChosenAt()
    {
        var (_, rows) = Coreset(400, 40);
        var proxies = new ProxyRows(40, Width);
        proxies.Set(0, rows);
        var wanted = Enumerable.Range(0, 39).Min(r => SquaredDistance.Of(proxies[39], proxies[r]));

        Assert.Equal(wanted, new CoresetExtension(rows, Width).SquaredRadius);
        Assert.Equal(0, new CoresetExtension(rows.AsSpan(0, Width), Width).SquaredRadius);
    }

    [Fact]
    public void Beyond_StrangePatches_AreTakenAsTheSamplerWouldGoOn()
    {
        var (_, rows) = Coreset(400, 40);
        var random = new Random(5);
        var strange = Enumerable.Range(0, 50 * Width).Select(i => (i / Width % 7 * 3) + random.NextSingle()).ToArray();
        var extension = new CoresetExtension(rows, Width);
        var beyond = extension.Beyond(strange);

        // Naively: always the patch farthest from everything chosen, until none lies beyond the radius.
        var proxies = new ProxyRows(90, Width);
        proxies.Set(0, [.. rows, .. strange]);
        List<int> chosen = [.. Enumerable.Range(0, 40)], wanted = [];
        while (true)
        {
            var (far, distance) = Enumerable.Range(40, 50).Select(p => (p, chosen.Min(c => SquaredDistance.Of(proxies[p], proxies[c])))).MaxBy(d => d.Item2);
            if (distance <= extension.SquaredRadius)
            {
                break;
            }

            chosen.Add(far);
            wanted.Add(far - 40);
        }

        Assert.InRange(wanted.Count, 2, 49);
        Assert.Equal(wanted, beyond);
    }

    private static (float[] Patches, float[] Rows) Coreset(int count, int size)
    {
        var random = new Random(3);
        var patches = Enumerable.Range(0, count * Width).Select(_ => random.NextSingle()).ToArray();
        var proxies = new ProxyRows(count, Width);
        proxies.Set(0, patches);
        return (patches, [.. KCenterGreedySampler.Sample(proxies, size).SelectMany(r => patches[(r * Width)..((r + 1) * Width)])]);
    }
}
