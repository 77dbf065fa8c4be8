namespace StructCore.Vision.Evaluation;

/// <summary>All figures of an evaluation, in the shape they are published in; rates are fractions of 1.</summary>
/// <param name="Categories">By name, in ordinal order.</param>
/// <param name="Mean">Over the categories.</param>
/// <param name="Routing">Over all images.</param>
/// <param name="Milliseconds">Mean over all images.</param>
public sealed record EvaluationReport(IReadOnlyDictionary<string, CategoryReport> Categories, MeanReport Mean, RoutingReport Routing, StageMilliseconds Milliseconds)
{
    /// <summary>The figures of at least one category with at least one image.</summary>
    public static EvaluationReport Of(IReadOnlyCollection<CategoryEvaluation> categories)
    {
        var reports = new SortedDictionary<string, CategoryReport>(categories.ToDictionary(c => c.Bank.Category, CategoryReport.Of), StringComparer.Ordinal);
        return new EvaluationReport(reports, MeanReport.Of(reports.Values), RoutingReport.Of(categories), StageMilliseconds.Mean([.. categories.SelectMany(c => c.Milliseconds)]));
    }
}
