using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>The routing prototypes of training images (SPEC 5), and those of folds for images that must meet prototypes that never saw them.</summary>
internal static class RoutingPrototypes
{
    // As the k-fold of SPEC 8, whatever folds the coreset is chosen in: five times 64 prototypes take a second, one set per image would take minutes.
    private const int Folds = 5;

    /// <summary>From all images.</summary>
    public static RoutingBank Fit(string category, FeatureSpool spool) => Fit(category, spool, [.. Enumerable.Range(0, spool.Images)]);

    /// <summary>One set per fold, from the images outside it; image i belongs to fold i mod their number. 2 images or more.</summary>
    public static IReadOnlyList<RoutingBank> OfFolds(string category, FeatureSpool spool)
    {
        var folds = Math.Min(Folds, spool.Images);
        return [.. Enumerable.Range(0, folds).Select(fold => Fit(category, spool, [.. Enumerable.Range(0, spool.Images).Where(image => image % folds != fold)]))];
    }

    private static RoutingBank Fit(string category, FeatureSpool spool, int[] images)
    {
        var total = images.Length * spool.RowsPerImage;
        var sample = new int[Math.Min(total, SphericalKMeans.MaximumPatches)];
        for (var i = 0; i < sample.Length; i++)
        {
            var (image, patch) = Math.DivRem(SphericalKMeans.SampleRow(i, total), spool.RowsPerImage);
            sample[i] = (images[image] * spool.RowsPerImage) + patch;
        }

        return SphericalKMeans.Fit(category, spool.Gather(sample), spool.Width);
    }
}
