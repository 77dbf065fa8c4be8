namespace StructCore.Vision.Evaluation;

/// <summary>The quality of one kind of score on one category. All but the threshold are fractions of 1; what cannot be measured, for want of good or of defective images, is null.</summary>
/// <param name="Auroc">I-AUROC.</param>
/// <param name="Ap">Average precision.</param>
/// <param name="F1Max">The largest F1 over all thresholds.</param>
/// <param name="Threshold">The bank's threshold; null in a mean.</param>
/// <param name="FalseReject">Share of the good images that the threshold rejects.</param>
/// <param name="Miss">Share of the defective images that the threshold accepts.</param>
public sealed record ScoreReport(double? Auroc, double? Ap, double? F1Max, double? Threshold, double? FalseReject, double? Miss)
{
    /// <summary>Measures scores against the truth. An image is rejected where its score is not at or below the threshold.</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static ScoreReport Of(ReadOnlySpan<float> good, ReadOnlySpan<float> defective, float threshold)
    {
        var metrics = good.IsEmpty || defective.IsEmpty ? null : RankingMetrics.Of(good, defective);
        return new ScoreReport(
            metrics?.Auroc, metrics?.AveragePrecision, metrics?.F1Max, threshold,
            good.IsEmpty ? null : (double)(good.Length - Accepted(good, threshold)) / good.Length,
            defective.IsEmpty ? null : (double)Accepted(defective, threshold) / defective.Length);
    }

    /// <summary>The mean of every figure over the categories that have it; thresholds have no mean.</summary>
    public static ScoreReport Mean(IReadOnlyCollection<ScoreReport> reports) => new(
        reports.Average(r => r.Auroc), reports.Average(r => r.Ap), reports.Average(r => r.F1Max), null, reports.Average(r => r.FalseReject), reports.Average(r => r.Miss));

    /// <summary>As a verdict has it: a score that is no number is not accepted.</summary>
    internal static int Accepted(ReadOnlySpan<float> scores, float threshold)
    {
        var accepted = 0;
        foreach (var score in scores)
        {
            accepted += score <= threshold ? 1 : 0;
        }

        return accepted;
    }
}
