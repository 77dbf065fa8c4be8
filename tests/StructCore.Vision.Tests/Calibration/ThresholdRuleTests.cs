using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class ThresholdRuleTests
{
    [Theory]
    [InlineData(0.005, 199, 1)]
    [InlineData(0.005, 198, 0)]
    [InlineData(0.07, 99, 7)]
    [InlineData(0.29, 99, 29)]
    [InlineData(0.29, 98, 28)]
    [InlineData(1, 9, 10)]
    public void Conformal_StandsAtTheKthLargest(double alpha, int images, int k)
    {
        var place = Math.Clamp(k, 1, images);
        Assert.Equal(images - place + 1, ThresholdRule.Conformal(alpha).Threshold(Enumerable.Range(1, images).Select(i => (double)i).Reverse()));
    }

    [Theory]
    [InlineData(0.005, 199)]
    [InlineData(0.01, 99)]
    [InlineData(0.3, 3)]
    [InlineData(1, 0)]
    public void ImagesNeeded_AreTheFewestWithARank(double alpha, int images)
    {
        Assert.Equal(images, ThresholdRule.ImagesNeeded(alpha));
        Assert.True(ThresholdRule.Rank(alpha, images) >= 1);
        Assert.True(images == 0 || ThresholdRule.Rank(alpha, images - 1) == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Conformal_NoShare_IsRefused(double alpha) => Assert.Throws<ArgumentOutOfRangeException>(() => ThresholdRule.Conformal(alpha));

    [Fact]
    public void AtQuantile_IsNumpysQuantile() => Assert.Equal(3.7, ThresholdRule.AtQuantile(0.9).Threshold([4, 1, 3, 2]), 1e-12);
}
