namespace StructCore.Vision.Features;

/// <summary>Where backbones lie: <c>NAME.onnx</c> with its sidecar <c>NAME.json</c>, in one of several folders; the first folder that has a name wins.</summary>
/// <param name="folders">Folders in the order they are searched; those that do not exist are passed over.</param>
public sealed class BackboneFolders(IReadOnlyList<string> folders)
{
    /// <summary>Name of the backbone that comes with the project (SPEC 11).</summary>
    public const string Embedded = "proc-r10";

    /// <summary>How the names of backbones begin that are random (<see cref="DinoV2RandomWeights"/>): nothing takes them unless they are asked for.</summary>
    public const string RandomPrefix = "random-";

    private const string Extension = ".onnx";

    /// <summary>ONNX files of all backbones, in ordinal order of their names. Networks without a sidecar are none.</summary>
    public IReadOnlyList<string> List() =>
    [
        .. folders.Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*" + Extension))
            .Where(f => File.Exists(BackboneManifestFile.PathFor(f)))
            .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal)
            .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal),
    ];

    /// <summary>The ONNX file of a backbone given by name or path; without either the best there is: a <c>dinov2-…</c>, else any other that was imported, else the embedded one.</summary>
    /// <exception cref="InvalidBackboneException">There is none; the message lists what there is and where it was looked for.</exception>
    public string Find(string? nameOrPath = null)
    {
        if (nameOrPath is not null && nameOrPath.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && File.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        var all = List();
        var found = nameOrPath is null
            ? all.Where(f => !IsRandom(f)).OrderBy(Rank).FirstOrDefault()
            : all.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f) == nameOrPath);
        var there = all.Count == 0 ? "none" : string.Join(", ", all.Select(Path.GetFileNameWithoutExtension));
        return found ?? throw new InvalidBackboneException(
            $"No backbone{(nameOrPath is null ? "" : $" '{nameOrPath}'")} in {string.Join(", ", folders.Select(f => $"'{Path.GetFullPath(f)}'"))}; there: {there}. " +
            "Get one with 'structcore backbone fetch dinov2-base', or name an imported .onnx file.");
    }

    private static bool IsRandom(string path) => Path.GetFileName(path).StartsWith(RandomPrefix, StringComparison.Ordinal);

    private static int Rank(string path) => Path.GetFileNameWithoutExtension(path) switch
    {
        var name when name.StartsWith("dinov2-", StringComparison.Ordinal) => 0,
        Embedded => 2,
        _ => 1,
    };
}
