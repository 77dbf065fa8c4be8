namespace StructCore.Vision.Evaluation;

/// <summary>How well the router tells the products it knows from others, by the images of one category. All are fractions of 1; what cannot be measured is null.</summary>
/// <param name="RefusedGood">Share of the good images that are refused as an unknown product.</param>
/// <param name="RefusedDefective">Share of the defective ones.</param>
/// <param name="Caught">Share of all that are refused where the category's own bank is left out.</param>
public sealed record UnknownReport(double? RefusedGood, double? RefusedDefective, double? Caught)
{
    /// <summary>Counts the images of a category.</summary>
    public static UnknownReport Of(CategoryEvaluation category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return new UnknownReport(
            Share(category.Images.Where(i => !i.Image.Defective).Select(i => i.IsUnknown)),
            Share(category.Images.Where(i => i.Image.Defective).Select(i => i.IsUnknown)),
            Share(category.Images.Select(i => i.IsUnknownWithoutOwn).OfType<bool>()));
    }

    private static double? Share(IEnumerable<bool> images) => images.Select(i => i ? 1d : 0).Cast<double?>().Average();
}
