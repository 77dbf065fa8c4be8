using StructCore.Vision.Imaging;

namespace StructCore.Vision.Datasets;

/// <summary><c>CATEGORY/train/good/*</c>, <c>CATEGORY/test/KIND/*</c>, <c>CATEGORY/ground_truth/KIND/NAME_mask.png</c> or <c>NAME.png</c>.</summary>
internal static class MvtecLayout
{
    private const string Good = "good";
    private const string MaskEnding = "_mask";

    /// <summary>A folder with train or test in it is meant as a category, even where it lacks the rest.</summary>
    public static bool IsCategory(string folder) => Directory.Exists(Path.Combine(folder, "train")) || Directory.Exists(Path.Combine(folder, "test"));

    public static ProductImages OpenCategory(string folder)
    {
        var train = Path.Combine(folder, "train", Good);
        if (!Directory.Exists(train))
        {
            throw new InvalidDatasetException($"Category '{Path.GetFileName(folder)}' has no folder '{train}'. Put its good training images there.");
        }

        var test = Path.Combine(folder, "test");
        return new ProductImages
        {
            Category = Path.GetFileName(folder),
            Layout = ImageLayout.MvtecAd,
            Train = ImageFiles.In(train),
            Test = Directory.Exists(test) ? [.. Directory.GetDirectories(test).Order(StringComparer.Ordinal).SelectMany(kind => OpenKind(folder, kind))] : [],
        };
    }

    private static IEnumerable<TestImage> OpenKind(string category, string folder)
    {
        var kind = Path.GetFileName(folder);
        if (kind == Good)
        {
            return ImageFiles.In(folder).Select(path => new TestImage(path, kind, Defective: false, MaskPath: null));
        }

        var masks = MasksByImageName(Path.Combine(category, "ground_truth", kind));
        return ImageFiles.In(folder).Select(path => new TestImage(path, kind, Defective: true, masks.GetValueOrDefault(Path.GetFileNameWithoutExtension(path))));
    }

    private static Dictionary<string, string> MasksByImageName(string folder)
    {
        var masks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.Exists(folder) ? ImageFiles.In(folder) : [])
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (name.EndsWith(MaskEnding, StringComparison.Ordinal))
            {
                masks[name[..^MaskEnding.Length]] = path;
            }
            else
            {
                masks.TryAdd(name, path);
            }
        }

        return masks;
    }
}
