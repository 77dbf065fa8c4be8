using System.Security.Cryptography;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The file of a package as a whole.</summary>
internal sealed record PackageFile(long Bytes, string Sha256)
{
    /// <summary>Reads a file from end to end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PackageFile Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return new PackageFile(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
