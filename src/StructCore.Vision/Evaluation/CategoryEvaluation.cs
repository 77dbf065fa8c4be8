using StructCore.Vision.Fitting;

namespace StructCore.Vision.Evaluation;

/// <summary>What the test images of one category gave.</summary>
/// <param name="Bank">The bank of the category.</param>
/// <param name="Images">Every test image, in the dataset's order.</param>
/// <param name="Pixel">Over the images whose truth is known pixel by pixel; null where the category has no mask.</param>
/// <param name="Milliseconds">Of each image.</param>
public sealed record CategoryEvaluation(BankManifest Bank, IReadOnlyList<JudgedImage> Images, PixelMetrics? Pixel, IReadOnlyList<StageMilliseconds> Milliseconds)
{
    /// <summary>Scores of one kind of the good or of the defective images.</summary>
    public float[] Scores(ScoreKind kind, bool defective) => [.. Images.Where(i => i.Image.Defective == defective).Select(i => i.Of(kind))];

    /// <summary>The bank's threshold of one kind of score.</summary>
    public float Threshold(ScoreKind kind) => kind switch
    {
        ScoreKind.Base => Bank.Calibration.BaseThreshold,
        ScoreKind.Struct => Bank.Calibration.StructuralThreshold,
        _ => Bank.Calibration.Threshold,
    };

    /// <summary>Good images that the verdict rejects, the highest score first.</summary>
    public IEnumerable<JudgedImage> FalseRejects => Images.Where(i => !i.Image.Defective && Bank.Calibration.Rejects(i.Score)).OrderByDescending(i => i.Score.Hybrid);

    /// <summary>Defective images that the verdict accepts, the lowest score first.</summary>
    public IEnumerable<JudgedImage> Misses => Images.Where(i => i.Image.Defective && !Bank.Calibration.Rejects(i.Score)).OrderBy(i => i.Score.Hybrid);
}
