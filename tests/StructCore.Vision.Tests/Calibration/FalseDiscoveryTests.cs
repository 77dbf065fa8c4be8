using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class FalseDiscoveryTests
{
    // The example of Benjamini and Hochberg (1995), section 3.2.
    private static readonly double[] Published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];

    [Fact]
    public void Limit_PublishedExample_CountsTheFirstFour() => Assert.Equal(0.0095, FalseDiscovery.Limit(Published.Reverse(), 0.05));

    [Fact]
    public void Limit_SmallerValuesAboveTheirOwnLine_AreCarriedByALargerOne() => Assert.Equal(0.04, FalseDiscovery.Limit([0.03, 0.04], 0.05));

    [Fact]
    public void Limit_NothingSmallEnough_IsNone()
    {
        Assert.Null(FalseDiscovery.Limit([0.06, 0.5, 0.9], 0.1));
        Assert.Null(FalseDiscovery.Limit([], 0.1));
    }
}
