using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Features;

public sealed class FeatureSketchTests
{
    // 32 numbers tell a root mean square to one eighth, one standard deviation.
    private const double Spread = 4.0 / 8;

    public static TheoryData<int, int> Shapes => new() { { 28, 512 }, { 28, 192 }, { 3, 1 }, { 5, 33 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_AnyShape_IsTheNaiveSum(int grid, int width)
    {
        var features = Noise(grid, width, 1);
        var sketch = FeatureSketch.Of(features);
        var (root, values) = (Math.Sqrt(features.Values.Length), features.Values.ToArray());
        for (var j = 0; j < FeatureSketch.Size; j++)
        {
            var sum = values.Select((z, i) => (double)z * FeatureSketch.Sign(j, i)).Sum();
            Assert.Equal(sum / root, sketch.Values[j], 1e-5);
        }

        Assert.Equal(Math.Sqrt(values.Average(z => (double)z * z)), sketch.RootMeanSquare, 1e-5);
    }

    [Fact]
    public void Sign_OfManyElements_IsEvenAndIndependent()
    {
        const int Elements = 100_000;
        for (var j = 0; j < FeatureSketch.Size; j++)
        {
            var alone = Enumerable.Range(0, Elements).Sum(i => FeatureSketch.Sign(j, i));
            var together = Enumerable.Range(0, Elements).Sum(i => FeatureSketch.Sign(j, i) * FeatureSketch.Sign((j + 1) % FeatureSketch.Size, i));
            Assert.InRange(alone, -5 * Math.Sqrt(Elements), 5 * Math.Sqrt(Elements));
            Assert.InRange(together, -5 * Math.Sqrt(Elements), 5 * Math.Sqrt(Elements));
        }
    }

    // Stored in released packages: these never change.
    [Fact]
    public void Sign_OfTheFirstElements_IsTheOneThatWasReleased() =>
        Assert.Equal("--++-+-++-+++-++-+-+-+--+------+", string.Concat(Enumerable.Range(0, 4).SelectMany(i => Enumerable.Range(0, 8).Select(j => FeatureSketch.Sign(j, i) > 0 ? '+' : '-'))));

    [Fact]
    public void Distance_SameFeatures_IsZero()
    {
        Assert.Equal(0, Distance(Noise(28, 64, 1), Noise(28, 64, 1)));
        Assert.Equal(0, Distance(new PatchFeatures(1, 1, 1, [0]), new PatchFeatures(1, 1, 1, [0])));
    }

    [Theory]
    [InlineData(1e-5)]
    [InlineData(1e-3)]
    [InlineData(0.1)]
    public void Distance_NoiseOfRelativeSize_IsAboutThatSize(double size)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var features = Noise(28, 64, seed);
            var noise = Noise(28, 64, 100 + seed);
            var disturbed = features.Values.ToArray();
            for (var i = 0; i < disturbed.Length; i++)
            {
                disturbed[i] += (float)(size * noise.Values[i]);
            }

            var distance = Distance(features, new PatchFeatures(28, 28, 64, disturbed));
            Assert.InRange(distance, size * (1 - Spread), size * (1 + Spread));
        }
    }

    [Fact]
    public void Distance_EverythingScaled_IsTheScalesDifference()
    {
        var features = Noise(28, 64, 1);
        var scaled = new PatchFeatures(28, 28, 64, [.. features.Values.ToArray().Select(v => v * 1.01f)]);
        Assert.InRange(Distance(features, scaled), 0.01 * (1 - Spread), 0.01 * (1 + Spread));
    }

    [Fact]
    public void Distance_PatchesOrDimensionsPermuted_IsLarge()
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var features = extractor.Extract(RandomImage.Of(300, 500), FrameMode.FullFrame);
        var rows = Enumerable.Range(0, features.Rows);
        var upsideDown = rows.SelectMany(r => features.Row(features.Rows - 1 - r).ToArray()).ToArray();
        var turned = rows.SelectMany(r => features.Row(r).ToArray().Reverse()).ToArray();

        Assert.InRange(Distance(features, new PatchFeatures(28, 28, features.Width, upsideDown)), 0.1, 3);
        Assert.InRange(Distance(features, new PatchFeatures(28, 28, features.Width, turned)), 0.1, 3);
    }

    [Fact]
    public void Distance_OtherFeatures_IsTheSquareRootOfTwo() =>
        Assert.InRange(Distance(Noise(28, 64, 1), Noise(28, 64, 2)), Math.Sqrt(2) * (1 - Spread), Math.Sqrt(2) * (1 + Spread));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Distance_FeatureThatIsNoNumber_IsNone(float broken)
    {
        var values = Noise(28, 64, 1).Values.ToArray();
        values[1000] = broken;
        var sketch = FeatureSketch.Of(new PatchFeatures(28, 28, 64, values));
        Assert.False(float.IsFinite(sketch.RootMeanSquare));
        Assert.False(double.IsFinite(FeatureSketch.Distance(FeatureSketch.Of(Noise(28, 64, 1)), sketch)));
    }

    [Fact]
    public void Constructor_StoredValues_MustBeAll()
    {
        var sketch = FeatureSketch.Of(Noise(28, 64, 1));
        Assert.Equal(0, FeatureSketch.Distance(sketch, new FeatureSketch(sketch.Values, sketch.RootMeanSquare)));
        Assert.Contains("has 32 values, got 31", Assert.Throws<ArgumentException>(() => new FeatureSketch(sketch.Values.Skip(1), 1)).Message);
    }

    private static double Distance(PatchFeatures expected, PatchFeatures actual) => FeatureSketch.Distance(FeatureSketch.Of(expected), FeatureSketch.Of(actual));

    private static PatchFeatures Noise(int grid, int width, int seed)
    {
        var random = new Random(seed);
        return new PatchFeatures(grid, grid, width, [.. Enumerable.Range(0, grid * grid * width).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2))]);
    }
}
