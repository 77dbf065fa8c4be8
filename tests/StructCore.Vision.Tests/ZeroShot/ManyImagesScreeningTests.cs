using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

/// <summary>A batch of a thousand images on the grid of the backbones. The tokens are narrow, to save time: memory for them is bounded by the block, all else does not depend on their width.</summary>
public sealed class ManyImagesScreeningTests
{
    private const int Images = 1000;
    private const long MostBytes = 6L << 30;

    [Fact]
    public void Score_AThousandImages_StaysWithinSixGigabytes()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1", "takes minutes: scripts/test --full");
        var batch = RandomTokens.Batch(40, 28, 28, 1, 4);
        using var spool = RandomTokens.Spooled(Enumerable.Range(0, Images).Select(i => batch[i % batch.Length]));
        var peak = new Peak();
        float[][] maps = [.. Enumerable.Range(0, Images).Select(_ => new float[spool.Patches])];

        // Twice, since what the first degree leaves to the garbage collector counts too.
        new MutualScoring(spool, new ScreeningOptions { Degrees = [1, 3] }, peak).Score([[.. Enumerable.Range(0, Images)]], maps, TestContext.Current.CancellationToken);

        Assert.All(maps, map => Assert.All(map, score => Assert.InRange(score, 1e-6f, 2f)));
        Assert.InRange(peak.Bytes, 1, MostBytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"peak {peak.Bytes >> 20} MiB");
    }

    private sealed class Peak : IProgress<ScreeningProgress>
    {
        private readonly Lock _gate = new();
        private long _bytes;

        public long Bytes => _bytes;

        public void Report(ScreeningProgress value)
        {
            lock (_gate)
            {
                _bytes = Math.Max(_bytes, Environment.WorkingSet);
            }
        }
    }
}
