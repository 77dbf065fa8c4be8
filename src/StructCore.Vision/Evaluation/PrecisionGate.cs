using System.Globalization;

namespace StructCore.Vision.Evaluation;

/// <summary>Whether scores that were computed in fewer digits are as good as those in float32.</summary>
public static class PrecisionGate
{
    /// <summary>Most an AUROC may change, as a fraction of 1: 0.05 points.</summary>
    public const double LargestChange = 0.0005;

    /// <summary>Verdicts may change where the float32 score lies this close to the threshold, relative to it.</summary>
    public const double Margin = 0.01;

    /// <summary>Compares two evaluations of the same categories and images.</summary>
    /// <param name="reference">In float32.</param>
    /// <param name="other">In the other precision, in the same order.</param>
    /// <returns>What is not as good, one line each; empty where nothing is.</returns>
    /// <exception cref="ArgumentException">Other categories or images.</exception>
    public static IReadOnlyList<string> Compare(IReadOnlyList<CategoryEvaluation> reference, IReadOnlyList<CategoryEvaluation> other)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(other);
        if (!reference.SelectMany(Identities).SequenceEqual(other.SelectMany(Identities)))
        {
            throw new ArgumentException("The two evaluations are not of the same categories and images, one by one.", nameof(other));
        }

        return [.. reference.Zip(other).SelectMany(pair => ChangedRates(pair.First, pair.Second).Concat(ChangedVerdicts(pair.First, pair.Second)))];
    }

    /// <summary>The largest change of an AUROC, as a fraction of 1; 0 where none can be measured.</summary>
    public static double LargestAurocChange(IReadOnlyList<CategoryEvaluation> reference, IReadOnlyList<CategoryEvaluation> other) =>
        reference.Zip(other).SelectMany(pair => Rates(pair.First).Zip(Rates(pair.Second), Change)).Append(0).Max();

    private static IEnumerable<(string, string)> Identities(CategoryEvaluation evaluation) => evaluation.Images.Select(i => (evaluation.Bank.Category, i.Image.Path));

    private static IEnumerable<string> ChangedRates(CategoryEvaluation reference, CategoryEvaluation other) =>
        from pair in Rates(reference).Zip(Rates(other))
        where !(Change(pair.First, pair.Second) <= LargestChange)
        select string.Create(CultureInfo.InvariantCulture, $"{reference.Bank.Category}: AUROC of {pair.First.Of} {pair.First.Auroc:P3} became {pair.Second.Auroc:P3}, allowed is a change of {100 * LargestChange} points.");

    private static IEnumerable<string> ChangedVerdicts(CategoryEvaluation reference, CategoryEvaluation other)
    {
        var calibration = reference.Bank.Calibration;
        var near = Margin * Math.Abs(calibration.Threshold);
        return from pair in reference.Images.Zip(other.Images)
               where calibration.Rejects(pair.First.Score) != calibration.Rejects(pair.Second.Score) && !(Math.Abs(pair.First.Score.Hybrid - calibration.Threshold) <= near)
               select string.Create(CultureInfo.InvariantCulture, $"{reference.Bank.Category}: the verdict on '{pair.First.Image.Path}' changed, score {pair.First.Score.Hybrid} to {pair.Second.Score.Hybrid}, threshold {calibration.Threshold}.");
    }

    private static double Change((string Of, double? Auroc) reference, (string Of, double? Auroc) other) => Math.Abs((reference.Auroc - other.Auroc) ?? 0);

    private static IEnumerable<(string Of, double? Auroc)> Rates(CategoryEvaluation evaluation)
    {
        var report = CategoryReport.Of(evaluation);
        return [("S_base", report.Base.Auroc), ("D", report.Struct.Auroc), ("S_hyb", report.Hybrid.Auroc), ("pixels", report.Pixel?.Auroc)];
    }
}
