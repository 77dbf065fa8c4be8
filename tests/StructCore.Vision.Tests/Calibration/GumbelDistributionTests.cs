using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class GumbelDistributionTests
{
    [Fact]
    public void Fit_Sample_RecoversLocationAndScale()
    {
        var fitted = GumbelDistribution.Fit(Sample(100_000, 3, 0.5));
        Assert.Equal(3, fitted.Location, 0.02);
        Assert.Equal(0.5, fitted.Scale, 0.02);
    }

    [Fact]
    public void Fit_WithATenthFarOff_MovesLittle()
    {
        var sample = Sample(10_000, 3, 0.5);
        var fitted = GumbelDistribution.Fit([.. sample, .. Enumerable.Repeat(1e6, 1000)]);
        Assert.Equal(3, fitted.Location, 0.1);
        Assert.Equal(0.5, fitted.Scale, 0.15);
    }

    [Fact]
    public void Beyond_LocationAndMedian_AreThoseOfTheDistribution()
    {
        var gumbel = new GumbelDistribution(7, 2);
        Assert.Equal(1 - (1 / Math.E), gumbel.Beyond(7), 1e-12);
        Assert.Equal(0.5, gumbel.Beyond(7 - (2 * Math.Log(Math.Log(2)))), 1e-12);
        Assert.Equal(1, gumbel.Beyond(-1e9));
        Assert.Equal(0, gumbel.Beyond(1e9));
    }

    [Fact]
    public void Beyond_AllOfOneValue_SetsOnlyWhatIsAboveApart()
    {
        var gumbel = GumbelDistribution.Fit([4, 4, 4, 4]);
        Assert.Equal((1d, 0d), (gumbel.Beyond(4), gumbel.Beyond(4.1)));
    }

    private static double[] Sample(int count, double location, double scale)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => location - (scale * Math.Log(-Math.Log(1 - random.NextDouble()))))];
    }
}
