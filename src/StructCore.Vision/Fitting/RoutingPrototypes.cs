using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>The routing prototypes of training images (SPEC 5), and those of folds for images that must meet prototypes that never saw them.</summary>
internal static class RoutingPrototypes
{
    // As the k-fold of SPEC 8, whatever folds the coreset is chosen in: five sets take seconds, one per image would take minutes.
    private const int Folds = 5;

    /// <summary>The prototypes of a category.</summary>
    /// <param name="category">Its name.</param>
    /// <param name="spool">Features of its images and perhaps others.</param>
    /// <param name="images">Its images, as indices of the spool.</param>
    public static RoutingBank Fit(string category, FeatureSpool spool, IReadOnlyList<int> images)
    {
        var total = images.Count * spool.RowsPerImage;
        var sample = new int[Math.Min(total, SphericalKMeans.MaximumPatches)];
        for (var i = 0; i < sample.Length; i++)
        {
            var (image, patch) = Math.DivRem(SphericalKMeans.SampleRow(i, total), spool.RowsPerImage);
            sample[i] = (images[image] * spool.RowsPerImage) + patch;
        }

        return SphericalKMeans.Fit(category, spool.Gather(sample), spool.Width);
    }

    /// <summary>One set per fold, from the images outside it; the i-th of 2 or more images belongs to fold i mod their number.</summary>
    public static IReadOnlyList<RoutingBank> OfFolds(string category, FeatureSpool spool, IReadOnlyList<int> images)
    {
        var folds = Math.Min(Folds, images.Count);
        return [.. Enumerable.Range(0, folds).Select(fold => Fit(category, spool, [.. images.Where((_, i) => i % folds != fold)]))];
    }
}
