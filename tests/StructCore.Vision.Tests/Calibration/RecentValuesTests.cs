using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class RecentValuesTests
{
    [Fact]
    public void Add_MoreThanItHolds_CountsThePairsOfTheNewestOnly()
    {
        // Few different values, so that many pairs are ties.
        var random = new Random(1);
        float[] calibration = [.. Enumerable.Range(0, 23).Select(_ => (float)random.Next(8))];
        var (recent, kept) = (new RecentValues(calibration, 10), new Queue<float>());
        for (var i = 0; i < 50; i++)
        {
            var value = (float)random.Next(8);
            recent.Add(value);
            kept.Enqueue(value);
            if (kept.Count > 10)
            {
                kept.Dequeue();
            }

            var wins = kept.Sum(v => calibration.Sum(c => v > c ? 1 : v == c ? 0.5 : 0));
            Assert.Equal(kept.Count, recent.Count);
            Assert.Equal(wins / (kept.Count * 23), recent.Above, 1e-12);
            Assert.Equal(RankSumTest.PValue(wins, kept.Count, 23), recent.PHigher, 1e-12);
            Assert.Equal(RankSumTest.PValue((kept.Count * 23) - wins, kept.Count, 23), recent.PLower, 1e-12);
        }
    }
}
