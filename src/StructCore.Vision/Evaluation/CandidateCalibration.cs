using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Vision.Evaluation;

/// <summary>One way to come to a threshold, by the name it has in a reliability report.</summary>
/// <param name="Name">Lower-case words and hyphens.</param>
/// <param name="Method">Against which bank normal images are scored.</param>
/// <param name="Distance">Form of the structural distance.</param>
/// <param name="Conformal">Whether the threshold is conformal; else the quantile of SPEC 8.</param>
public sealed record CandidateCalibration(string Name, CalibrationMethod Method, DistanceForm Distance, bool Conformal)
{
    /// <summary>The paper's, the others of SPEC 8, and the conformal ones.</summary>
    public static IReadOnlyList<CandidateCalibration> All { get; } =
    [
        new("paper", CalibrationMethod.Paper, DistanceForm.TwoSided, false),
        new("leave-one-out", CalibrationMethod.LeaveOneOut, DistanceForm.OneSided, false),
        new("k-fold", CalibrationMethod.KFold, DistanceForm.OneSided, false),
        new("conformal-leave-one-out", CalibrationMethod.LeaveOneOut, DistanceForm.OneSided, true),
        new("conformal-k-fold", CalibrationMethod.KFold, DistanceForm.OneSided, true),
        new("conformal-ten-fold", CalibrationMethod.TenFold, DistanceForm.OneSided, true),
        new("conformal-refilled", CalibrationMethod.Refilled, DistanceForm.OneSided, true),
        new("conformal-held-out", CalibrationMethod.HeldOut, DistanceForm.OneSided, true),
        new("conformal-leave-one-image-out", CalibrationMethod.LeaveOneImageOut, DistanceForm.OneSided, true),
    ];

    /// <summary>The one that banks fitted with these options decide by.</summary>
    /// <exception cref="InvalidOperationException">None is like it.</exception>
    public static CandidateCalibration Of(FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return All.Single(c => c.Method == options.Method && c.Distance == options.Distance && c.Conformal == options.Rule.FalseReject.HasValue);
    }

    /// <summary>Thresholds for a nominal rate of false rejects.</summary>
    public ThresholdRule Rule(double nominal) => Conformal ? ThresholdRule.Conformal(nominal) : ThresholdRule.AtQuantile(1 - nominal);
}
