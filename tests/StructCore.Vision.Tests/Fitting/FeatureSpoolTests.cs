using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Fitting;

public sealed class FeatureSpoolTests : IDisposable
{
    private const int Images = 24;
    private const int Width = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_OnManyThreads_IsReadBackAsItWasReturned()
    {
        using var spool = new FeatureSpool(_folder.Path, Images, 2, 3, Width);
        var written = new float[Images][];
        Parallel.For(0, Images, image =>
        {
            using var features = spool.Write(image, Features(image));
            written[image] = features.Values.ToArray();
        });
        for (var image = 0; image < Images; image++)
        {
            using var features = spool.Image(image);
            Assert.Equal(Array.ConvertAll(Features(image).Values.ToArray(), v => (float)(Half)v), written[image]);
            Assert.Equal(written[image], features.Values);
        }

        int[] rows = [(Images * 6) - 1, 0, 7];
        Assert.Equal(rows.SelectMany(r => written[r / 6][(r % 6 * Width)..((r % 6 * Width) + Width)]), spool.Gather(rows));
    }

    [Fact]
    public void Image_NeverWritten_SaysThatTheFileIsTooShort()
    {
        using var spool = new FeatureSpool(_folder.Path, Images, 2, 3, Width);
        spool.Write(0, Features(0)).Dispose();
        Assert.Contains("shorter than what was written", Assert.Throws<EndOfStreamException>(() => spool.Image(1)).Message, StringComparison.Ordinal);
    }

    private static PatchFeatures Features(int image)
    {
        var random = new Random(image);
        return new PatchFeatures(2, 3, Width, [.. Enumerable.Range(0, 6 * Width).Select(_ => (float)(random.NextDouble() * 100))]);
    }
}
