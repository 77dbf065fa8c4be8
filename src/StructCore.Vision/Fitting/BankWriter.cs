using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Writes the bytes of a bank file.</summary>
internal static class BankWriter
{
    public static void Write(Stream file, BankManifest manifest, MemoryBank memory, RoutingBank routing) => Seal(file, zip =>
    {
        var entries = new List<BankEntry>();
        AddArray(BankLayout.MemoryEntry, "f4", [memory.Rows, memory.Width], MemoryMarshal.AsBytes(memory.Values));
        AddArray(BankLayout.ImagesEntry, "i4", [memory.Rows], MemoryMarshal.AsBytes(memory.Images));
        AddArray(BankLayout.RoutingEntry, "f4", [routing.Rows, routing.Width], MemoryMarshal.AsBytes(routing.Prototypes));
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest with { Entries = entries }, BankLayout.Json);
        Add(zip, BankLayout.ManifestEntry, manifest.Created, json);
        return BankLayout.Digest(json);

        void AddArray(string name, string type, int[] shape, ReadOnlySpan<byte> bytes)
        {
            entries.Add(new BankEntry(name, type, shape, BankLayout.Digest(bytes)));
            Add(zip, name, manifest.Created, bytes);
        }
    });

    /// <summary>The entries of <paramref name="bank"/>, byte for byte, then the attachments.</summary>
    public static void Copy(Stream file, ZipArchive bank, DateTimeOffset created, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)> attachments) => Seal(file, zip =>
    {
        var manifestDigest = "";
        foreach (var name in BankFile.EntryNames)
        {
            var entry = bank.GetEntry(name)!;
            var bytes = new byte[entry.Length];
            using (var source = entry.Open())
            {
                source.ReadExactly(bytes);
            }

            Add(zip, name, created, bytes);
            manifestDigest = name == BankLayout.ManifestEntry ? BankLayout.Digest(bytes) : manifestDigest;
        }

        foreach (var (name, bytes) in attachments)
        {
            Add(zip, name, created, bytes.Span);
        }

        return manifestDigest;
    });

    /// <param name="file">Written from its beginning.</param>
    /// <param name="write">Adds the entries and tells the manifest's digest.</param>
    private static void Seal(Stream file, Func<ZipArchive, string> write)
    {
        string manifestDigest;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = new string('0', BankLayout.SealLength);
            manifestDigest = write(zip);
        }

        var end = file.Length - BankLayout.SealLength;
        var seal = manifestDigest + BankLayout.Digest(file, end);
        file.Position = end;
        file.Write(Encoding.ASCII.GetBytes(seal));
    }

    private static void Add(ZipArchive zip, string name, DateTimeOffset created, ReadOnlySpan<byte> bytes)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = created;
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
