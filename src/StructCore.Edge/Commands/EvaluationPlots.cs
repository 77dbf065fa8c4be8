using StructCore.Vision.Evaluation;
using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary>The plots of an evaluation as PNG files: <c>CATEGORY-scores.png</c>, <c>CATEGORY-roc.png</c>, <c>CATEGORY-false-reject-1-….png</c>, <c>CATEGORY-miss-1-….png</c>.</summary>
internal static class EvaluationPlots
{
    private const int WorstErrors = 3;

    public static void Write(string folder, IReadOnlyList<CategoryEvaluation> evaluations, BankEvaluator evaluator, IImageCodec codec)
    {
        Directory.CreateDirectory(folder);
        foreach (var evaluation in evaluations)
        {
            var category = evaluation.Bank.Category;
            var (good, defective) = (evaluation.Scores(ScoreKind.Hybrid, defective: false), evaluation.Scores(ScoreKind.Hybrid, defective: true));
            Save("scores", ScoreHistogram.Draw($"{category}: hybrid score of {evaluation.Images.Count} test images", good, defective, evaluation.Threshold(ScoreKind.Hybrid)));
            if (good.Length > 0 && defective.Length > 0)
            {
                Save("roc", RocChart.Draw($"{category}: ROC", [.. Enum.GetValues<ScoreKind>().Select(kind => Curve(evaluation, kind))]));
            }

            SaveWorst("false-reject", evaluation.FalseRejects);
            SaveWorst("miss", evaluation.Misses);

            void Save(string name, RgbImage image) => File.WriteAllBytes(Path.Combine(folder, $"{category}-{name}.png"), codec.EncodePng(image));

            void SaveWorst(string name, IEnumerable<JudgedImage> errors)
            {
                foreach (var (rank, error) in errors.Take(WorstErrors).Index())
                {
                    Save($"{name}-{rank + 1}-{error.Image.Kind}-{Path.GetFileNameWithoutExtension(error.Image.Path)}", evaluator.DrawOverlay(category, error.Image.Path));
                }
            }
        }
    }

    private static (string Name, double Auroc, IReadOnlyList<RocPoint> Points) Curve(CategoryEvaluation evaluation, ScoreKind kind)
    {
        var (good, defective) = (evaluation.Scores(kind, defective: false), evaluation.Scores(kind, defective: true));
        return (kind.ToString().ToLowerInvariant(), RankingMetrics.Of(good, defective).Auroc, RocCurve.Of(good, defective));
    }
}
