namespace StructCore.Edge.Configuration;

/// <summary>A file whose first line is a secret: a password, a key, an address with a password in it.</summary>
internal static class SecretFile
{
    private const UnixFileMode Strangers = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The first line; null where the file is empty.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string path) => File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line ? line : null;

    /// <summary>Whether others than its owner and group may read it, or others than its owner write it.</summary>
    public static bool IsOpenToStrangers(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Strangers) != 0;
}
