using StructCore.Vision.Calibration;

namespace StructCore.Tests.Calibration;

public sealed class FalseRejectPromiseTests
{
    [Theory]
    [InlineData(199, 0.005, 1 / 200d, null)]
    [InlineData(198, 0.005, 1 / 199d, 199)]
    [InlineData(100, 0.05, 5 / 101d, null)]
    [InlineData(5, 0.005, 1 / 6d, 199)]
    public void Of_ConformalThreshold_IsItsRankAmongOneMore(int images, double alpha, double share, int? needed)
    {
        var promise = FalseRejectPromise.Of(PValuesTests.Calibration(images, alpha, seed: 3))!;
        Assert.Equal((alpha, images, needed), (promise.Asked, promise.Images, promise.ImagesNeeded));
        Assert.Equal(share, promise.Share, 1e-12);
    }

    [Fact]
    public void Of_ThresholdByHand_CountsTheScoresAboveIt()
    {
        var calibration = PValuesTests.Calibration(50, 0.05, seed: 3);
        Assert.Equal(1, FalseRejectPromise.Of(calibration with { Threshold = 0, FalseReject = null })!.Share);
        Assert.Equal(1 / 51d, FalseRejectPromise.Of(calibration with { Threshold = float.MaxValue, FalseReject = null })!.Share, 1e-12);
    }

    [Fact]
    public void Of_PaperOrWithoutNormalScores_IsNone()
    {
        var calibration = PValuesTests.Calibration(50, 0.05, seed: 3);
        Assert.Null(FalseRejectPromise.Of(calibration with { Method = CalibrationMethod.Paper }));
        Assert.Null(FalseRejectPromise.Of(calibration with { Normal = null }));
    }
}
