namespace StructCore.Tests;

/// <summary>Where the tests find the files that are not part of the project: golden cases, real images, a real backbone.</summary>
internal static class SharedFiles
{
    /// <summary>The root of the checkout the tests were built from.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Golden cases: <c>STRUCTCORE_GOLDEN</c>, or the shared ones.</summary>
    public static string Golden => Environment.GetEnvironmentVariable("STRUCTCORE_GOLDEN") is { Length: > 0 } folder ? folder : Shared("golden");

    /// <summary>The project's embedded backbone.</summary>
    public static string EmbeddedBackbone => Path.Combine(Repository, "models", "proc-r10.onnx");

    /// <summary>A path below <c>../shared</c>; it need not exist.</summary>
    public static string Shared(string path) => Path.GetFullPath(Path.Combine(Repository, "..", "shared", path));

    /// <summary>A path below <c>../shared</c>; skips the calling test, saying so, where it is absent.</summary>
    public static string RequireShared(string path)
    {
        var full = Shared(path);
        Assert.SkipUnless(File.Exists(full) || Directory.Exists(full), $"needs '../shared/{path}', which is not beside this checkout");
        return full;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StructCore.Edge.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No StructCore.Edge.sln above '{AppContext.BaseDirectory}'.");
    }
}
