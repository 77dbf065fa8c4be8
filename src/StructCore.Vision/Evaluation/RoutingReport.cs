namespace StructCore.Vision.Evaluation;

/// <summary>How often images find their own category, and how often they are taken for another product.</summary>
/// <param name="Accuracy">Share of the images that do, 0 to 1.</param>
/// <param name="Confusion">Images by true category, then by the category they were routed to; pairs that never occur are left out.</param>
/// <param name="Unknown">By category: how many of its images are refused as an unknown product.</param>
public sealed record RoutingReport(double Accuracy, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Confusion, IReadOnlyDictionary<string, UnknownReport> Unknown)
{
    /// <summary>Counts the routes of all images of at least one category.</summary>
    public static RoutingReport Of(IReadOnlyCollection<CategoryEvaluation> categories)
    {
        var confusion = new SortedDictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        foreach (var category in categories)
        {
            var routed = category.Images.CountBy(i => i.Route.Category).ToDictionary(StringComparer.Ordinal);
            confusion[category.Bank.Category] = new SortedDictionary<string, int>(routed, StringComparer.Ordinal);
        }

        var right = categories.Sum(c => c.Images.Count(i => i.Route.Category == c.Bank.Category));
        var unknown = new SortedDictionary<string, UnknownReport>(categories.ToDictionary(c => c.Bank.Category, UnknownReport.Of), StringComparer.Ordinal);
        return new RoutingReport((double)right / categories.Sum(c => c.Images.Count), confusion, unknown);
    }
}
