using StructCore.Vision.Fitting;

namespace StructCore.Tests.Fitting;

public sealed class SuspectsTests
{
    [Fact]
    public void Among_ImagesThatStandOut_NamesThemTheWorstFirst()
    {
        var scores = Alike(100, seed: 3);
        (scores[17], scores[60]) = (500, 800);

        var suspects = Suspects.Among(Peers(scores));

        Assert.Equal([60, 17], suspects.Images.Select(s => s.Image));
        Assert.Equal([800f, 500f], suspects.Images.Select(s => s.Score));
        Assert.All(suspects.Images, s => Assert.InRange(s.PValue, 0, 0.001));
        Assert.Equal(scores.Where(s => s < 500).Max(), suspects.Level);
    }

    /// <summary>What <see cref="Suspects.FalseShare"/> says of sets of 200: 13 % of 2,000 is 260, one standard deviation is 15.</summary>
    [Fact]
    public void Among_SetsOfImagesAlike_NamesAnyInTheStatedShare()
    {
        var sets = Enumerable.Range(0, 2000).Count(seed => Suspects.Among(Peers(Alike(200, seed))).Images.Count > 0);
        Assert.InRange(sets, 200, 305);
    }

    [Fact]
    public void Among_ImagesOfWhichATenthStandOut_NamesNearlyOnlyThese()
    {
        var (found, wrong) = (0, 0);
        for (var seed = 0; seed < 50; seed++)
        {
            var scores = Alike(200, seed);
            for (var i = 0; i < 20; i++)
            {
                scores[i * 10] *= 40;
            }

            var named = Suspects.Among(Peers(scores)).Images;
            found += named.Count(s => s.Image % 10 == 0);
            wrong += named.Count(s => s.Image % 10 != 0);
        }

        Assert.InRange(found, 900, 1000);
        Assert.InRange(wrong, 0, found / 10);
    }

    [Fact]
    public void Among_TooFewToTell_NamesNone()
    {
        float[] scores = [.. Enumerable.Repeat(1f, Suspects.MinimumImages - 2), 1000];
        Assert.Empty(Suspects.Among(Peers(scores)).Images);
        Assert.Equal(1000, Suspects.Among(Peers(scores)).Level);
        Assert.Empty(Suspects.Among([]).Images);
        Assert.Single(Suspects.Among(Peers([.. scores, 1])).Images);
    }

    [Fact]
    public void Among_ScoresOfZero_NamesNone() => Assert.Empty(Suspects.Among(Peers(new float[20])).Images);

    /// <summary>Scores whose logarithm is the largest of many.</summary>
    private static float[] Alike(int images, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images).Select(_ => (float)Math.Exp(2 - (0.3 * Math.Log(-Math.Log(1 - random.NextDouble())))))];
    }

    private static PeerScore[] Peers(float[] scores) => [.. scores.Select((score, image) => new PeerScore(image, score))];
}
