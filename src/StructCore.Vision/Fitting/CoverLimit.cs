using StructCore.Vision.Calibration;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>
/// The cover distance beyond which an image is of an unknown product: the conformal limit of the calibration images, so that a good part lies beyond it with a
/// probability of at most <see cref="ScoreCalibration.UnknownShare"/>, or 1 / (n + 1) where that is more.
/// </summary>
internal static class CoverLimit
{
    // Where good images are all alike, one with a defect lies beyond all of them and is no other product: an image may
    // lie as much farther than usual as half the way to a prototype's neighbour.
    private const double Room = 0.5;

    /// <summary>Null where the calibration knows no normal images, or wants no limit.</summary>
    public static float? Of(ScoreCalibration calibration, RoutingBank routing)
    {
        if (calibration is not { Normal: { Count: > 0 } normal, UnknownShare: { } share })
        {
            return null;
        }

        var covers = normal.Select(n => (double)n.CoverDistance).ToArray();
        return (float)Math.Max(ThresholdRule.Conformal(share).Threshold(covers), Quantile.Of(covers, 0.5) + (Room * routing.Spacing));
    }
}
