using System.Text;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>PEM files of keys.</summary>
internal static class KeyFile
{
    public const string PrivateExtension = ".key.pem";
    public const string PublicExtension = ".pub.pem";

    private const int Largest = 1 << 16;

    /// <exception cref="IOException">It cannot be read, or is too large for a key.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string Read(string path) =>
        new FileInfo(path).Length <= Largest ? File.ReadAllText(path) : throw new IOException($"it has more than {Largest} bytes.");

    /// <summary>Writes a file that must not be there yet.</summary>
    /// <param name="secret">Only its owner may read it.</param>
    /// <exception cref="IOException">It is there, or cannot be written.</exception>
    public static void Write(string path, string pem, bool secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (secret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(pem));
        file.Flush(flushToDisk: true);
    }
}
