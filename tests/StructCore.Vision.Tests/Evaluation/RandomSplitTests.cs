using StructCore.Vision.Evaluation;

namespace StructCore.Tests.Evaluation;

public sealed class RandomSplitTests
{
    [Theory]
    [InlineData(50, 30)]
    [InlineData(50, 10)]
    [InlineData(361, 320)]
    public void Splits_OfImages_PartThemAllAndKeepTheirOrder(int images, int fitted) => Assert.All(RandomSplit.Deal(images, fitted, 20, 7), split =>
    {
        Assert.Equal(fitted, split.Fitted.Length);
        Assert.Equal(Enumerable.Range(0, images), split.Fitted.Concat(split.Unseen).Order());
        Assert.Equal(split.Fitted.Order(), split.Fitted);
        Assert.Equal(split.Unseen.Order(), split.Unseen);
    });

    [Theory]
    [InlineData(50, 30, 20)]
    [InlineData(50, 10, 7)]
    [InlineData(361, 320, 20)]
    public void Splits_LeaveEveryImageUnseenAsOften_GiveOrTakeOnce(int images, int fitted, int splits)
    {
        var unseen = RandomSplit.Deal(images, fitted, splits, 7).SelectMany(s => s.Unseen).CountBy(i => i).ToDictionary();

        var least = splits * (images - fitted) / images;
        Assert.All(Enumerable.Range(0, images), i => Assert.InRange(unseen.GetValueOrDefault(i), least, least + 1));
    }

    [Fact]
    public void Splits_OfTheSameSeed_AreTheSame()
    {
        Assert.Equal(Unseen(7), Unseen(7));
        Assert.NotEqual(Unseen(7), Unseen(8));

        static IEnumerable<int> Unseen(ulong seed) => RandomSplit.Deal(50, 30, 5, seed).SelectMany(s => s.Unseen);
    }

    [Fact]
    public void Split_ThatStraddlesTwoDeals_LeavesEveryPairUnseenTogetherAsOften()
    {
        // The fourth split of three out of ten: one image is left of the first deal, two come from the second.
        var pairs = Enumerable.Range(0, 4000)
            .Select(seed => RandomSplit.Deal(10, 7, 4, (ulong)seed)[3].Unseen)
            .SelectMany(u => u.SelectMany(a => u.Where(b => b > a), (a, b) => (a, b)))
            .CountBy(p => p).ToDictionary();

        // 3 of 45 pairs: 267 each, and 16 is the standard deviation.
        Assert.Equal(45, pairs.Count);
        Assert.All(pairs.Values, count => Assert.InRange(count, 187, 347));
    }
}
