using StructCore.Vision.Imaging;

namespace StructCore.Vision.Datasets;

/// <summary>A folder of images as one unlabelled batch: no image is read.</summary>
public static class ImageBatch
{
    private const string Good = "good";

    /// <summary>
    /// The images right in the folder; where there are none, those of its sub-folders, in ordinal order of folder and name. Of a category in
    /// MVTec's layout that is its folder <c>test</c>. Sub-folders of which one is named <c>good</c> tell the truth of their images.
    /// </summary>
    /// <exception cref="InvalidDatasetException">The folder is missing or unreadable, or has no images.</exception>
    public static IReadOnlyList<BatchImage> Open(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (!Directory.Exists(root))
        {
            throw new InvalidDatasetException($"Image folder '{root}' does not exist. Give an existing folder of images.");
        }

        try
        {
            var images = Find(MvtecLayout.IsCategory(root) ? Path.Combine(root, "test") : root);
            return images.Count > 0 ? images : throw new InvalidDatasetException($"Image folder '{root}' has no images. Expected PNG, JPEG, BMP or TIFF right in the folder, in its sub-folders, or in the sub-folders of its folder 'test'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException($"Image folder '{root}' cannot be read: {e.Message}", e);
        }
    }

    private static IReadOnlyList<BatchImage> Find(string folder)
    {
        if (ImageFiles.In(folder) is { Count: > 0 } images)
        {
            return [.. images.Select(path => new BatchImage(path, null))];
        }

        string[] kinds = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        var labelled = kinds.Any(IsGood);
        return [.. kinds.SelectMany(kind => ImageFiles.In(kind).Select(path => new BatchImage(path, labelled ? !IsGood(kind) : null)))];

        static bool IsGood(string kind) => Path.GetFileName(kind) == Good;
    }
}
