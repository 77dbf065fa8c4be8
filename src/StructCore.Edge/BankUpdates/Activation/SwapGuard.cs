using System.Globalization;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Watches a bank, or a calibration, for its first parts: one that rejects more than its calibration promises, or is slow, does not stay.</summary>
/// <param name="bank">As it decides now, its calibration included.</param>
/// <param name="beforeMs">Median of features and score before; null where nothing is known.</param>
internal sealed class SwapGuard(ProductBank bank, UpdateOptions options, double? beforeMs)
{
    // Below it a factor says more about the clock than about the bank.
    private const double LeastMs = 5;

    private readonly PassTimes _times = new();

    public GuardReport Report { get; private set; } = new(
        0, options.GuardInspections, 0, 0, RejectAllowance.Of(1 - bank.Calibration.Quantile + options.MaxRejectShift, options.GuardInspections), null, beforeMs);

    /// <summary>Takes a verdict of the station into account, if it was this bank's or its fault; another bank's, or another calibration's, is passed over.</summary>
    /// <param name="framed">The part had its frame.</param>
    /// <exception cref="UpdateRefusedException">It has to be swapped back.</exception>
    public GuardReport Add(Verdict verdict, bool framed)
    {
        var failed = verdict.Decision == Decision.Error;
        if (failed ? !IsBanksFault(verdict, framed) : verdict.Bank?.Sha256 != bank.Sha256 || verdict.Threshold != bank.Calibration.Threshold)
        {
            return Report;
        }

        if (!failed)
        {
            _times.Add(verdict.Timings.Features + verdict.Timings.Score);
        }

        Report = Report with
        {
            Inspections = Report.Inspections + 1,
            Rejects = Report.Rejects + (verdict.Decision == Decision.Accept ? 0 : 1),
            Errors = Report.Errors + (failed ? 1 : 0),
            MedianMs = _times.Median is { } median ? Math.Round(median, 2) : null,
        };
        RequireRejects();
        RequireTime();
        return Report;
    }

    // A camera that fails, a store that is full or a category that nobody knows is none of it.
    private static bool IsBanksFault(Verdict verdict, bool framed) => verdict.Reason.Split(':')[0] switch
    {
        "score_not_finite" or "internal_error" or "unknown_product" => true,
        "deadline_missed" => framed,
        _ => false,
    };

    private void RequireRejects()
    {
        if (Report.Rejects > Report.AllowedRejects)
        {
            throw new UpdateRefusedException(UpdateRefusal.GuardShift, string.Create(CultureInfo.InvariantCulture,
                $"bank '{bank.Manifest.Id}' rejected {Report.Rejects} of its first {Report.Inspections} parts, {Report.Errors} of them by an ERROR; {Report.AllowedRejects} of {Report.Planned} are borne: {1 - bank.Calibration.Quantile:P1} by its calibration and {options.MaxRejectShift:P1} by Updates:MaxRejectShift. Look at these parts; where they are bad, publish the bank again under the next version."));
        }
    }

    private void RequireTime()
    {
        if (beforeMs is { } before && Report.MedianMs > options.MaxSlowdown * Math.Max(before, LeastMs))
        {
            throw new UpdateRefusedException(UpdateRefusal.GuardLatency, string.Create(CultureInfo.InvariantCulture,
                $"bank '{bank.Manifest.Id}' takes {Report.MedianMs:F1} ms for a part (features and score, median of {Math.Min(Report.Inspections - Report.Errors, PassTimes.Most)}), before it {before:F1} ms; {options.MaxSlowdown:F1} times that is borne (Updates:MaxSlowdown). Fit it with a smaller coreset, or end what else runs on this machine."));
        }
    }
}
