using StructCore.Vision.Calibration;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Datasets;

/// <summary>Opens a folder of images, whichever of the layouts of <see cref="ImageLayout"/> it has.</summary>
public static class ImageFolder
{
    /// <summary>Fewest good images a category can be fitted from (SPEC 8).</summary>
    public const int FewestTrainImages = Calibrator.MinimumImages;

    /// <summary>Lists the images of every category, categories in ordinal order; no image is read.</summary>
    /// <param name="root">The dataset, one category of an MVTec layout, or one plain folder of good images.</param>
    /// <param name="categories">Only these; all where it is empty. A plain folder has one category, which a single name here renames.</param>
    /// <exception cref="InvalidDatasetException">The folder is missing or has none of the layouts, a category that was asked for is not in it, or one has fewer than three good images to fit from.</exception>
    public static IReadOnlyList<ProductImages> Open(string root, IReadOnlyCollection<string> categories)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentNullException.ThrowIfNull(categories);
        if (!Directory.Exists(root))
        {
            throw new InvalidDatasetException($"Image folder '{root}' does not exist. Give an existing folder with --images.");
        }

        try
        {
            root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
            var found = Find(root, categories).OrderBy(p => p.Category, StringComparer.Ordinal).ToArray();
            foreach (var unknown in categories.Where(name => found.All(p => p.Category != name)))
            {
                throw new InvalidDatasetException($"Category '{unknown}' is not in '{root}'. It has: {string.Join(", ", found.Select(p => p.Category))}.");
            }

            var chosen = found.Where(p => categories.Count == 0 || categories.Contains(p.Category)).ToArray();
            foreach (var product in chosen.Where(p => p.Train.Count < FewestTrainImages))
            {
                throw new InvalidDatasetException($"Category '{product.Category}' in '{root}' has {product.Train.Count} good images to fit from, at least {FewestTrainImages} are needed. Add good images (PNG, JPEG, BMP or TIFF).");
            }

            return chosen;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"Image folder '{root}' cannot be read: {e.Message}", e);
        }
    }

    private static IReadOnlyList<ProductImages> Find(string root, IReadOnlyCollection<string> categories)
    {
        if (VisALayout.IsAt(root))
        {
            return VisALayout.Open(root);
        }

        if (MvtecLayout.IsCategory(root))
        {
            return [MvtecLayout.OpenCategory(root)];
        }

        var folders = Directory.GetDirectories(root).Where(MvtecLayout.IsCategory).ToArray();
        if (folders.Length > 0)
        {
            return [.. folders.Select(MvtecLayout.OpenCategory)];
        }

        var images = ImageFiles.In(root);
        return images.Count > 0
            ? [new ProductImages { Category = categories.Count == 1 ? categories.First() : Path.GetFileName(root), Layout = ImageLayout.PlainFolder, Train = images, Test = [] }]
            : throw new InvalidDatasetException($"Image folder '{root}' has no images and no category. Expected CATEGORY/train/good (MVTec), CATEGORY/Data/Images with split_csv/1cls.csv (VisA), or good images (PNG, JPEG, BMP, TIFF) right in the folder.");
    }
}
