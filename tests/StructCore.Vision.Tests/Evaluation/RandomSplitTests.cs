using StructCore.Vision.Evaluation;

namespace StructCore.Tests.Evaluation;

public sealed class RandomSplitTests
{
    [Fact]
    public void Split_OfImages_PartsThemAllAndKeepsTheirOrder()
    {
        var split = RandomSplit.Of(50, 30, 7);

        Assert.Equal(30, split.Fitted.Length);
        Assert.Equal(Enumerable.Range(0, 50), split.Fitted.Concat(split.Unseen).Order());
        Assert.Equal(split.Fitted.Order(), split.Fitted);
        Assert.Equal(split.Unseen.Order(), split.Unseen);
    }

    [Fact]
    public void Split_OfTheSameSeed_IsTheSame()
    {
        Assert.Equal(RandomSplit.Of(50, 30, 7).Unseen, RandomSplit.Of(50, 30, 7).Unseen);
        Assert.NotEqual(RandomSplit.Of(50, 30, 7).Unseen, RandomSplit.Of(50, 30, 8).Unseen);
    }

    [Fact]
    public void Splits_OfManySeeds_LeaveEveryImageUnseenAboutAsOften()
    {
        var unseen = Enumerable.Range(0, 4000).SelectMany(seed => RandomSplit.Of(10, 7, (ulong)seed).Unseen).CountBy(i => i).ToDictionary();

        // 1200 each, and 29 is the standard deviation.
        Assert.Equal(10, unseen.Count);
        Assert.All(unseen.Values, count => Assert.InRange(count, 1055, 1345));
    }
}
