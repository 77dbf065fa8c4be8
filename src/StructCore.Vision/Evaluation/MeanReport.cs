namespace StructCore.Vision.Evaluation;

/// <summary>The mean over categories, every category with the same weight.</summary>
/// <param name="Base">S_base.</param>
/// <param name="Struct">D alone.</param>
/// <param name="Hybrid">S_hyb.</param>
/// <param name="Pixel">Over the categories that have masks; null where none has.</param>
public sealed record MeanReport(ScoreReport Base, ScoreReport Struct, ScoreReport Hybrid, PixelReport? Pixel)
{
    /// <summary>The mean of at least one category.</summary>
    public static MeanReport Of(IReadOnlyCollection<CategoryReport> categories) => new(
        ScoreReport.Mean([.. categories.Select(c => c.Base)]),
        ScoreReport.Mean([.. categories.Select(c => c.Struct)]),
        ScoreReport.Mean([.. categories.Select(c => c.Hybrid)]),
        PixelReport.Mean([.. categories.Select(c => c.Pixel).OfType<PixelReport>()]));
}
