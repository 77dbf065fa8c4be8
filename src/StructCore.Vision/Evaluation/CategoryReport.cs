namespace StructCore.Vision.Evaluation;

/// <summary>The figures of one category.</summary>
/// <param name="Base">S_base.</param>
/// <param name="Struct">D alone.</param>
/// <param name="Hybrid">S_hyb, what a verdict rests on.</param>
/// <param name="Pixel">Null where the category has no mask.</param>
/// <param name="TrainImages">Images the bank was fitted from.</param>
/// <param name="BankRows">Rows of the memory bank.</param>
/// <param name="Reliability">What the bank's way to a threshold gives at other nominal rates; null where its calibration kept no normal scores, or no test image is good.</param>
public sealed record CategoryReport(
    ScoreReport Base, ScoreReport Struct, ScoreReport Hybrid, PixelReport? Pixel, int TrainImages, int BankRows, IReadOnlyList<ReliabilityRow>? Reliability)
{
    /// <summary>The figures of what was evaluated.</summary>
    public static CategoryReport Of(CategoryEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new CategoryReport(
            Report(ScoreKind.Base), Report(ScoreKind.Struct), Report(ScoreKind.Hybrid),
            evaluation.Pixel is { } pixel ? PixelReport.Of(pixel) : null,
            evaluation.Bank.TrainImages, evaluation.Bank.Rows, Reliability());

        ScoreReport Report(ScoreKind kind) =>
            ScoreReport.Of(evaluation.Scores(kind, defective: false), evaluation.Scores(kind, defective: true), evaluation.Threshold(kind));

        IReadOnlyList<ReliabilityRow>? Reliability()
        {
            if (evaluation.Bank.Calibration.Normal is null || evaluation.Images.All(i => i.Image.Defective))
            {
                return null;
            }

            var table = new ReliabilityTable();
            table.Add(evaluation.Bank.Calibration, evaluation.Scores(ScoreKind.Hybrid, defective: false), evaluation.Scores(ScoreKind.Hybrid, defective: true));
            return table.Rows();
        }
    }
}
