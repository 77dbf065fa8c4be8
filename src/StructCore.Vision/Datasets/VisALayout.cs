namespace StructCore.Vision.Datasets;

/// <summary>VisA's own layout: <c>CATEGORY/Data/Images/{Normal,Anomaly}</c> and <c>CATEGORY/Data/Masks/Anomaly</c>, divided by <c>split_csv/1cls.csv</c> with the columns object, split, label, image, mask.</summary>
internal static class VisALayout
{
    private static readonly string[] Columns = ["object", "split", "label", "image", "mask"];

    /// <summary>A folder is meant as VisA where it has the split file or a category with VisA's folders.</summary>
    public static bool IsAt(string root) => File.Exists(SplitPath(root)) || Directory.GetDirectories(root).Any(d => Directory.Exists(Path.Combine(d, "Data", "Images")));

    public static IReadOnlyList<ProductImages> Open(string root)
    {
        var split = SplitPath(root);
        if (!File.Exists(split))
        {
            throw new InvalidDatasetException($"VisA folder '{root}' lacks its split file '{split}'. Copy split_csv/1cls.csv from the dataset's archive.");
        }

        var rows = Read(root, split);
        return [.. rows.GroupBy(r => r.Category, StringComparer.Ordinal).Select(category => new ProductImages
        {
            Category = category.Key,
            Layout = ImageLayout.VisA,
            Train = [.. category.Where(r => r.Train).Select(r => r.Image.Path).Order(StringComparer.Ordinal)],
            Test = [.. category.Where(r => !r.Train).Select(r => r.Image).OrderBy(i => i.Path, StringComparer.Ordinal)],
        })];
    }

    private static string SplitPath(string root) => Path.Combine(root, "split_csv", "1cls.csv");

    private static List<Row> Read(string root, string split)
    {
        var lines = File.ReadAllLines(split);
        if (lines.Length < 2 || !lines[0].TrimStart('\uFEFF').Split(',').Select(c => c.Trim()).SequenceEqual(Columns))
        {
            throw new InvalidDatasetException($"Split file '{split}' must start with the line '{string.Join(',', Columns)}' and have a line per image. Take it from the dataset's archive again.");
        }

        var rows = new List<Row>(lines.Length);
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length > 0)
            {
                rows.Add(Parse(root, lines[i].Split(','), $"Line {i + 1} of split file '{split}'"));
            }
        }

        return rows;
    }

    private static Row Parse(string root, string[] fields, string where)
    {
        if (fields is not [var category, "train" or "test", "normal" or "anomaly", var image, var mask] || category.Length == 0 || image.Length == 0)
        {
            throw new InvalidDatasetException($"{where} reads '{string.Join(',', fields)}', expected object, train or test, normal or anomaly, image, mask.");
        }

        var (train, defective) = (fields[1] == "train", fields[2] == "anomaly");
        if (train && defective)
        {
            throw new InvalidDatasetException($"{where} puts the anomaly '{image}' into the training images; only normal ones can be fitted from.");
        }

        var path = Path.Combine(root, image);
        var maskPath = defective && mask.Length > 0 ? Path.Combine(root, mask) : null;
        foreach (var missing in new[] { path, maskPath }.Where(p => p is not null && !File.Exists(p)))
        {
            throw new InvalidDatasetException($"{where} names '{missing}', which does not exist. Unpack the dataset's archive again.");
        }

        return new Row(category, train, new TestImage(path, defective ? "anomaly" : "good", defective, maskPath));
    }

    private readonly record struct Row(string Category, bool Train, TestImage Image);
}
