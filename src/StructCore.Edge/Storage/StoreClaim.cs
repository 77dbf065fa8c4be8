using System.Globalization;
using System.Text;

namespace StructCore.Edge.Storage;

/// <summary>
/// One agent per store: two of them would throw each other out at the broker and number their records past each other. A locked file
/// beside the store says who; the system releases it with the process, however that ends.
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
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Holder(store) is { } holder
                ? new InspectionStoreException($"Another agent, process {holder}, works with the inspection store '{store}'. End it, or set Store:Path to a file of its own.", e)
                : new InspectionStoreException($"The inspection store '{store}' cannot be claimed: {e.Message} Check that the folder exists and that this user may write there.", e);
        }
    }

    /// <summary>The process of the agent that works with this store; null where none does.</summary>
    public static int? Holder(string store)
    {
        var path = PathFor(store);
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return null;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            using var taken = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return int.TryParse(taken.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathFor(string store) => store + ".agent";
}
