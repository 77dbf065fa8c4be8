using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Bank files <c>NAME-vN.scbank</c>: one per category and version; <c>NAME-vN-tM.scbank</c> for what a station taught that version.</summary>
public static partial class BankFile
{
    /// <summary>File name ending.</summary>
    public const string Extension = ".scbank";

    /// <summary>Bytes of the zip's comment, which seals the file: the last ones.</summary>
    public const int SealLength = BankLayout.SealLength;

    /// <summary>The entries every bank file has; others may lie beside them, and are sealed with them.</summary>
    public static IReadOnlyList<string> EntryNames { get; } = [BankLayout.MemoryEntry, BankLayout.ImagesEntry, BankLayout.RoutingEntry, BankLayout.ManifestEntry];

    /// <summary>Reads and verifies a bank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="id">What it must hold, <c>CATEGORY-vVERSION</c>; null: what its name says.</param>
    /// <exception cref="InvalidBankException">Missing, truncated, altered, or of a newer format; the message names the file and the entry.</exception>
    public static ProductBank Read(string path, string? id = null)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new BankReader(file, path).Read(id ?? Path.GetFileNameWithoutExtension(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidBankException($"Bank file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes <paramref name="bank"/> into <paramref name="folder"/> as the category's next version: to a temporary file, flushed to disk, then renamed, so that the name never stands for half a bank.</summary>
    /// <param name="bank">A fitted bank.</param>
    /// <param name="folder">Made where it does not exist.</param>
    /// <param name="created">When it was fitted.</param>
    /// <returns>Path of the file.</returns>
    public static string Write(ProductBank bank, string folder, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(bank);
        var version = 1 + Versions(folder).Where(v => v.Category == bank.Manifest.Category).Select(v => v.Version).DefaultIfEmpty(0).Max();
        return Write(bank, bank.Manifest with { Version = version, Edition = null, Created = created }, folder);
    }

    /// <summary>Writes what a station made of a bank's version by teaching, as that version's next edition: a newer version, made elsewhere, goes before it.</summary>
    /// <param name="bank">A bank that keeps its version.</param>
    /// <param name="folder">Where its version lies.</param>
    /// <param name="created">When it was taught.</param>
    /// <returns>Path of the file.</returns>
    public static string WriteEdition(ProductBank bank, string folder, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(bank);
        var (category, version) = (bank.Manifest.Category, bank.Manifest.Version);
        var edition = 1 + Versions(folder).Where(v => v.Category == category && v.Version == version).Select(v => v.Edition).DefaultIfEmpty(0).Max();
        return Write(bank, bank.Manifest with { Edition = edition, Created = created }, folder);
    }

    private static string Write(ProductBank bank, BankManifest manifest, string folder)
    {
        var path = Path.Combine(folder, manifest.Id + Extension);
        AtomicFile.Write(path, file => BankWriter.Write(file, manifest, bank.Memory, bank.Routing), overwrite: false);
        return path;
    }

    /// <summary>Writes a bank file once more with entries beside its own, which stay byte for byte, and a seal over all of them.</summary>
    /// <param name="source">A bank file under its own name; entries beside the bank's are not taken over.</param>
    /// <param name="target">The file to write, in full or not at all; replaced where it is there.</param>
    /// <param name="attachments">Names and bytes, in the order they are written.</param>
    /// <exception cref="InvalidBankException"><paramref name="source"/> is missing, truncated or altered.</exception>
    /// <exception cref="IOException"><paramref name="target"/> cannot be written.</exception>
    public static void WriteWith(string source, string target, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)> attachments)
    {
        var created = Read(source).Manifest.Created;
        using var zip = ZipFile.OpenRead(source);
        AtomicFile.Write(target, file => BankWriter.Copy(file, zip, created, attachments));
    }

    /// <summary>The newest version of every category in <paramref name="folder"/>, in ordinal order of the names.</summary>
    /// <param name="folder">Folder of bank files; other files in it are ignored.</param>
    /// <param name="categories">Only these; all where it is empty.</param>
    /// <exception cref="InvalidBankException">No bank, a named category without one, or a bank that cannot be read.</exception>
    public static IReadOnlyList<ProductBank> ReadNewest(string folder, IReadOnlyCollection<string> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        var newest = Versions(folder).GroupBy(v => v.Category, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.MaxBy(v => (v.Version, v.Edition)).Path, StringComparer.Ordinal);
        if (newest.Count == 0)
        {
            throw new InvalidBankException($"No bank file (*{Extension}) in '{folder}'. Fit one: structcore fit --images DIR --banks \"{folder}\".");
        }

        var missing = categories.Where(c => !newest.ContainsKey(c)).ToArray();
        if (missing.Length > 0)
        {
            throw new InvalidBankException($"No bank of '{string.Join("', '", missing)}' in '{folder}'. There are banks of: {string.Join(", ", newest.Keys.Order(StringComparer.Ordinal))}.");
        }

        return [.. newest.Where(n => categories.Count == 0 || categories.Contains(n.Key)).OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => Read(n.Value))];
    }

    /// <summary>Reads the version of a category whose file has this SHA-256, whichever it is; null where it is not in the folder.</summary>
    /// <exception cref="InvalidBankException">A file of the category cannot be read.</exception>
    public static ProductBank? Find(string folder, string category, string sha256)
    {
        foreach (var (_, path) in Versions(folder, category))
        {
            if (Digest(path) == sha256)
            {
                return Read(path);
            }
        }

        return null;
    }

    /// <summary>The files of a category by their names, newest version and edition first; whether they can be read is not looked at.</summary>
    /// <param name="folder">Folder of bank files; one that does not exist has none.</param>
    /// <param name="category">The product.</param>
    public static IReadOnlyList<(int Version, string Path)> Versions(string folder, string category) =>
        [.. Versions(folder).Where(v => v.Category == category).OrderByDescending(v => (v.Version, v.Edition)).Select(v => (v.Version, v.Path))];

    /// <summary>The categories that have a file in <paramref name="folder"/>, in ordinal order.</summary>
    public static IReadOnlyList<string> Categories(string folder) => [.. Versions(folder).Select(v => v.Category).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<(string Category, int Version, int Edition, string Path)> Versions(string folder) =>
        from path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Extension) : []
        let name = NamePattern().Match(Path.GetFileName(path))
        where name.Success && CategoryName.IsValid(name.Groups[1].Value)
        select (name.Groups[1].Value, Number(name.Groups[2]), Number(name.Groups[3]), path);

    private static int Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static string Digest(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return BankLayout.Digest(file, file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidBankException($"Bank file '{path}' cannot be read: {e.Message}", e);
        }
    }

    [GeneratedRegex(@"\A(.+)-v([1-9][0-9]{0,8})(?:-t([1-9][0-9]{0,8}))?\.scbank\z")]
    private static partial Regex NamePattern();
}
