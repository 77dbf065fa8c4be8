namespace StructCore.Vision.Calibration;

/// <summary>What a threshold promises of good parts, by conformal prediction: a bound for any number of images and any distribution.</summary>
/// <param name="Share">Share of good parts it rejects at most, in the mean over such calibrations: (1 + #{s_i > tau}) / (n + 1).</param>
/// <param name="Asked">alpha, where the threshold was made for one.</param>
/// <param name="Images">n, calibration images.</param>
public sealed record FalseRejectPromise(double Share, double? Asked, int Images)
{
    /// <summary>Images a promise of what was asked takes: ceil(1/alpha) - 1; null where there are enough.</summary>
    public int? ImagesNeeded => Asked is { } alpha && ThresholdRule.ImagesNeeded(alpha) is var needed && needed > Images ? needed : null;

    /// <summary>Null where there is none: images were scored against their own patches, or an older program kept no normal scores.</summary>
    public static FalseRejectPromise? Of(ScoreCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return calibration.Method != CalibrationMethod.Paper && PValues.Of(calibration) is { } p
            ? new(p.Of(MathF.BitIncrement(calibration.Threshold)), calibration.FalseReject, calibration.Normal!.Count)
            : null;
    }
}
