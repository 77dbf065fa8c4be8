using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace StructCore.Tests.BankUpdates.Packages;

/// <summary>A package that someone who may write to the disk, but has no key, put together: other entries, and a seal that fits them.</summary>
internal static class RebuiltPackage
{
    private const int SealLength = 128;

    /// <param name="change">Takes the entries in their order and gives those to write.</param>
    /// <param name="compression">Of every entry.</param>
    public static void Write(string path, Func<List<(string Name, byte[] Bytes)>, List<(string Name, byte[] Bytes)>> change, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        var entries = change(Read(path));
        using (var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite))
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            zip.Comment = new string('0', SealLength);
            foreach (var (name, bytes) in entries)
            {
                using var stream = zip.CreateEntry(name, compression).Open();
                stream.Write(bytes);
            }
        }

        Seal(path, File.ReadAllBytes(path), entries.FirstOrDefault(e => e.Name == "manifest.json").Bytes ?? []);
    }

    /// <summary>Writes these bytes with a seal that fits them.</summary>
    public static void Seal(string path, byte[] bytes, byte[] manifest)
    {
        var end = bytes.Length - SealLength;
        Encoding.ASCII.GetBytes(Digest(manifest) + Digest(bytes.AsSpan(0, end))).CopyTo(bytes, end);
        File.WriteAllBytes(path, bytes);
    }

    public static List<(string Name, byte[] Bytes)> Read(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Select(e => (e.FullName, Bytes(e)))];
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
