namespace StructCore.Edge.Storage;

/// <summary>
/// One agent per store: two of them would throw each other out at the broker and number their records past each other. A locked file
/// beside the store says so; the system releases it with the process, however that ends.
/// </summary>
internal sealed class StoreClaim : IDisposable
{
    private readonly FileStream _file;

    private StoreClaim(FileStream file) => _file = file;

    /// <exception cref="InspectionStoreException">Another agent has it, or the file cannot be written.</exception>
    public static StoreClaim Take(string store)
    {
        var path = PathFor(store);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InspectionStoreException(IsTaken(store)
                ? $"Another agent works with the inspection store '{store}'. End it (fuser '{path}' names its process), or set Store:Path to a file of its own."
                : $"The inspection store '{store}' cannot be claimed: {e.Message} Check that the folder exists and that this user may write there.", e);
        }
    }

    /// <summary>Whether an agent works with this store now.</summary>
    public static bool IsTaken(string store)
    {
        try
        {
            using var free = new FileStream(PathFor(store), FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException e)
        {
            return e is not (FileNotFoundException or DirectoryNotFoundException);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathFor(string store) => store + ".agent";
}
