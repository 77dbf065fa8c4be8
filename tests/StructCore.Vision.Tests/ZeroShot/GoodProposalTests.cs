using StructCore.Vision.Scoring;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

public sealed class GoodProposalTests
{
    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(0.2, 8)]
    [InlineData(0.25, 8)]
    [InlineData(0.31, 7)]
    [InlineData(1.0, 1)]
    public void Of_AShare_LeavesOutTheHighestScores(double share, int proposed)
    {
        var images = Images([.. Enumerable.Range(0, 10).Select(i => (float)((i * 7) % 10))]);

        var kept = images.Where(GoodProposal.Of(images, share).Keeps).Select(i => i.Score).Order();

        Assert.Equal(Enumerable.Range(0, proposed).Select(i => (float)i), kept);
    }

    [Fact]
    public void Of_NoShare_LeavesOutTheOutliersOnly()
    {
        // Median 5, median absolute deviation 1: the limit is 5 + 3.5 * 1.4826.
        var images = Images(3, 4, 4, 5, 5, 5, 6, 6, 10.18f, 10.20f, -40);

        Assert.Equal([10.20f], images.Where(i => !GoodProposal.Of(images).Keeps(i)).Select(i => i.Score));
    }

    [Fact]
    public void Of_EqualScores_ProposesAll()
    {
        var images = Images(2, 2, 2, 2, 2);

        Assert.All(images, image => Assert.True(GoodProposal.Of(images).Keeps(image)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Of_AShareOutOfRange_IsRefused(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => GoodProposal.Of(Images(1, 2), share));

    [Fact]
    public void Of_NoImages_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => GoodProposal.Of([]));

    private static ScreenedImage[] Images(params float[] scores) => Array.ConvertAll(scores, score => new ScreenedImage("image", new PatchScores(1, 1, [score]), score, 0));
}
