using StructCore.Vision.Evaluation;

namespace StructCore.Tests.Evaluation;

public sealed class ClopperPearsonTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.3084971078)]
    [InlineData(1, 10, 0.0025285785, 0.4450161170)]
    [InlineData(5, 10, 0.1870860284, 0.8129139716)]
    [InlineData(10, 100, 0.0490046892, 0.1762225977)]
    [InlineData(10, 10, 0.6915028922, 1)]
    public void Interval_OfCounts_IsThePublishedOne(int hits, int trials, double low, double high)
    {
        var interval = ClopperPearson.Interval(hits, trials);

        Assert.Equal(low, interval.Low, 1e-9);
        Assert.Equal(high, interval.High, 1e-9);
    }

    [Theory]
    [InlineData(3, 20, 0.95)]
    [InlineData(19, 3800, 0.95)]
    [InlineData(190, 3800, 0.99)]
    [InlineData(50_000, 100_000, 0.9)]
    public void Interval_OfCounts_LeavesHalfOfTheRestBeyondEachEnd(int hits, int trials, double confidence)
    {
        var (low, high) = ClopperPearson.Interval(hits, trials, confidence);

        Assert.Equal((1 - confidence) / 2, Probability(0, hits, trials, high), 1e-9);
        Assert.Equal((1 - confidence) / 2, Probability(hits, trials, trials, low), 1e-9);
    }

    [Theory]
    [InlineData(-1, 10, 0.95)]
    [InlineData(11, 10, 0.95)]
    [InlineData(0, 0, 0.95)]
    [InlineData(1, 10, 1)]
    [InlineData(1, 10, 0)]
    public void Interval_OfImpossibleCounts_IsRefused(int hits, int trials, double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ClopperPearson.Interval(hits, trials, confidence));

    /// <summary>P(from &lt;= X &lt;= to), every term on its own from logarithms of factorials.</summary>
    private static double Probability(int from, int to, int trials, double rate)
    {
        var factorials = new double[trials + 1];
        for (var i = 1; i <= trials; i++)
        {
            factorials[i] = factorials[i - 1] + Math.Log(i);
        }

        return Enumerable.Range(from, to - from + 1).Sum(i => Math.Exp(factorials[trials] - factorials[i] - factorials[trials - i] + (i * Math.Log(rate)) + ((trials - i) * Math.Log(1 - rate))));
    }
}
