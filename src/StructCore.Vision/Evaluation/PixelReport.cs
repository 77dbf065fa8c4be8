namespace StructCore.Vision.Evaluation;

/// <summary>The pixel-level quality of a category, fractions of 1.</summary>
/// <param name="Auroc">AUROC over all pixels.</param>
/// <param name="Ap">Average precision over all pixels.</param>
/// <param name="F1Max">The largest F1 over all thresholds.</param>
/// <param name="Aupro">Mean overlap per region up to a false positive rate of 0.3.</param>
public sealed record PixelReport(double Auroc, double Ap, double F1Max, double Aupro)
{
    /// <summary>The same figures under the names of a report.</summary>
    public static PixelReport Of(PixelMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return new PixelReport(metrics.Ranking.Auroc, metrics.Ranking.AveragePrecision, metrics.Ranking.F1Max, metrics.Aupro);
    }

    /// <summary>The mean of every figure; null of none.</summary>
    public static PixelReport? Mean(IReadOnlyCollection<PixelReport> reports) =>
        reports.Count == 0 ? null : new PixelReport(reports.Average(r => r.Auroc), reports.Average(r => r.Ap), reports.Average(r => r.F1Max), reports.Average(r => r.Aupro));
}
