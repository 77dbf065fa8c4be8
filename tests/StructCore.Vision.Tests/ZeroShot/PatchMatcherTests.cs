using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

[Trait("Suite", "vectors")]
public sealed class PatchMatcherTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(32, 16)]
    [InlineData(33, 40)]
    [InlineData(100, 129)]
    public void Match_RandomRows_AgreesWithTheNaiveTwinBothWays(int patches, int width)
    {
        var random = new Random(patches);
        float[][] images = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, patches * width).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        var (matcher, other) = (new PatchMatcher(patches, width), new ImageTokens(patches, width));
        var (fromOther, fromHere) = (new float[patches], new float[patches]);

        // The same matcher for several images: nothing of the one before may be left.
        foreach (var (here, there) in new[] { (0, 1), (2, 1), (2, 3), (3, 3) })
        {
            images[here].CopyTo(matcher.Tokens.Values);
            matcher.Pack();
            images[there].CopyTo(other.Values);
            other.Measure();

            matcher.Match(other, fromOther, fromHere);

            Check(NaivePair.Nearest(images[there], images[here], width), fromOther);
            Check(NaivePair.Nearest(images[here], images[there], width), fromHere);
        }

        static void Check(float[] want, float[] got) => Assert.All(want.Zip(got), p => Assert.Equal(p.First, p.Second, 1e-6f + (1e-5f * p.First)));
    }

    [Fact]
    public void Match_RowsOfZeros_AreRowsLikeAnyOther()
    {
        var (matcher, other) = (new PatchMatcher(3, 2), new ImageTokens(3, 2));
        ((float[])[1, 0, 0, 1, -1, 0]).CopyTo(matcher.Tokens.Values);
        matcher.Pack();
        other.Values.Clear();
        other.Measure();
        var (fromOther, fromHere) = (new float[3], new float[3]);

        matcher.Match(other, fromOther, fromHere);

        Assert.Equal([1f, 1f, 1f], fromOther);
        Assert.Equal([1f, 1f, 1f], fromHere);
    }
}
