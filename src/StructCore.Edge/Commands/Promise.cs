using System.Globalization;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary>What a threshold promises, in words: the bound, what it rests on, and what is missing for the one that was asked for.</summary>
internal static class Promise
{
    /// <summary>One line.</summary>
    public static string Describe(ScoreCalibration calibration) => FalseRejectPromise.Of(calibration) is not { } promise
        ? calibration.Method == CalibrationMethod.Paper
            ? "promise: none, since images were scored against their own patches; fit with another --calibration for one"
            : "promise: none, since the calibration keeps no normal scores; fit the bank again for one"
        : $"promise: at most {Percent(promise.Share)} of good parts are rejected, by {promise.Images} images{Asked(promise)}. It holds where parts are like these images, in any order; {Assumption(calibration.Method)}";

    /// <summary>One line about what is refused as an unknown product.</summary>
    public static string DescribeUnknown(ProductBank bank) => bank.CoverLimit is not { } limit
        ? "unknown products: none is refused, an image without a recipe is judged by the bank it is nearest to"
        : string.Create(CultureInfo.InvariantCulture, $"unknown products: refused where the cover distance is beyond {limit:F4}, at most {Percent(RefusedShare(bank, limit))} of good parts");

    // As with p-values: the part to come is one more than the images.
    private static double RefusedShare(ProductBank bank, float limit) => (1d + bank.Calibration.Normal!.Count(n => n.CoverDistance > limit)) / (bank.Calibration.Normal!.Count + 1);

    private static string Asked(FalseRejectPromise promise) => promise switch
    {
        { ImagesNeeded: { } needed, Asked: { } alpha } => $"; the {Percent(alpha)} that was asked for takes {needed} images",
        { Asked: { } alpha } => $" ({Percent(alpha)} was asked for)",
        _ => "",
    };

    private static string Assumption(CalibrationMethod method) => method switch
    {
        CalibrationMethod.HeldOut => "none of them is in the bank.",
        CalibrationMethod.Refilled => "each was scored by a bank chosen without it from all others.",
        CalibrationMethod.LeaveOneImageOut => "each was scored by a bank of all others.",
        CalibrationMethod.LeaveOneOut => "each was scored by the bank without its rows, which has gaps there and so errs to fewer rejects.",
        _ => "each was scored by a bank of fewer images than the one that decides, which errs to fewer rejects.",
    };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:G3} %");
}
