using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Writes the bytes of a bank file.</summary>
internal static class BankWriter
{
    public static void Write(Stream file, BankManifest manifest, MemoryBank memory, RoutingBank routing)
    {
        var entries = new List<BankEntry>();
        string manifestDigest;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = new string('0', BankLayout.SealLength);
            Add(BankLayout.MemoryEntry, "f4", [memory.Rows, memory.Width], MemoryMarshal.AsBytes(memory.Values));
            Add(BankLayout.ImagesEntry, "i4", [memory.Rows], MemoryMarshal.AsBytes(memory.Images));
            Add(BankLayout.RoutingEntry, "f4", [routing.Rows, routing.Width], MemoryMarshal.AsBytes(routing.Prototypes));
            var json = JsonSerializer.SerializeToUtf8Bytes(manifest with { Entries = entries }, BankLayout.Json);
            manifestDigest = BankLayout.Digest(json);
            AddBytes(BankLayout.ManifestEntry, json);

            void Add(string name, string type, int[] shape, ReadOnlySpan<byte> bytes)
            {
                entries.Add(new BankEntry(name, type, shape, BankLayout.Digest(bytes)));
                AddBytes(name, bytes);
            }

            void AddBytes(string name, ReadOnlySpan<byte> bytes)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = manifest.Created;
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }

        var end = file.Length - BankLayout.SealLength;
        var seal = manifestDigest + BankLayout.Digest(file, end);
        file.Position = end;
        file.Write(Encoding.ASCII.GetBytes(seal));
    }
}
