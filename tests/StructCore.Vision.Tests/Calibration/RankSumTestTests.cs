using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class RankSumTestTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.959963984540054, 0.025)]
    [InlineData(-1.959963984540054, 0.975)]
    [InlineData(3.090232306167813, 0.001)]
    [InlineData(6, 9.865876450376981e-10)]
    [InlineData(20, 2.753624118606233e-89)]
    public void UpperTail_KnownPlaces_AgreesToSevenDigits(double z, double want) => Assert.Equal(1, RankSumTest.UpperTail(z) / want, 2e-7);

    [Theory]
    [InlineData(20, 30)]
    [InlineData(60, 20)]
    public void PValue_BesideTheExactDistribution_IsNeverTooSmallWhereItMatters(int first, int second)
    {
        var tail = 0d;
        var ways = Ways(first, second);
        var all = ways.Sum();
        for (var u = ways.Length - 1; u > ways.Length / 2; u--)
        {
            tail += ways[u];
            var (exact, p) = (tail / all, RankSumTest.PValue(u, first, second));
            Assert.InRange(p / exact, exact < 0.01 ? 1 : 0.98, exact > 1e-4 ? 1.7 : double.MaxValue);
        }
    }

    [Fact]
    public void PValue_NoPairWon_IsNearlyOne() => Assert.InRange(RankSumTest.PValue(0, 20, 30), 0.999, 1);

    /// <summary>In how many orders of both samples the first wins so many pairs: the largest value is one of the first sample, above all of the second, or one of the second.</summary>
    private static double[] Ways(int first, int second)
    {
        var row = Enumerable.Repeat(new[] { 1d }, second + 1).ToArray();
        for (var i = 1; i <= first; i++)
        {
            var next = new double[second + 1][];
            next[0] = [1];
            for (var j = 1; j <= second; j++)
            {
                next[j] = new double[(i * j) + 1];
                for (var u = 0; u < next[j].Length; u++)
                {
                    next[j][u] = (u >= j ? row[j][u - j] : 0) + (u < next[j - 1].Length ? next[j - 1][u] : 0);
                }
            }

            row = next;
        }

        return row[second];
    }
}
