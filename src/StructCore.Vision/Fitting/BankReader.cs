using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Reads a bank file and believes nothing it says before the digests agree.</summary>
internal sealed class BankReader(FileStream file, string path)
{
    private const int LargestManifest = 1 << 20;

    /// <param name="id">What the file must hold.</param>
    public ProductBank Read(string id)
    {
        try
        {
            var seal = ReadSeal();
            var intact = BankLayout.Digest(file, file.Length - BankLayout.SealLength) == seal[(BankLayout.SealLength / 2)..];
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = ReadManifest(zip, seal[..(BankLayout.SealLength / 2)]);
            var memory = ReadArray<float>(zip, manifest, BankLayout.MemoryEntry, "f4", [manifest.Rows, manifest.Width]);
            var images = ReadArray<int>(zip, manifest, BankLayout.ImagesEntry, "i4", [manifest.Rows]);
            var routing = ReadArray<float>(zip, manifest, BankLayout.RoutingEntry, "f4", [-1, manifest.Width]);
            if (!intact)
            {
                throw Damaged("the zip directory", "its bytes are not those that were sealed");
            }

            Check(manifest, id);
            CheckTaught(manifest, images);
            return new ProductBank(manifest, new MemoryBank(manifest.Width, memory, images, Floors(manifest)), new RoutingBank(manifest.Category, manifest.Width, routing), BankLayout.Digest(file, file.Length));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidBankException(Damaged("the zip directory", e.Message).Message, e);
        }
    }

    private string ReadSeal()
    {
        // End record of a zip: signature, 16 bytes, length of the comment that follows.
        const int EndRecord = 22;
        Span<byte> tail = stackalloc byte[EndRecord + BankLayout.SealLength];
        if (file.Length < tail.Length)
        {
            throw Damaged("the seal", $"the file has only {file.Length} bytes");
        }

        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        if (!tail.StartsWith("PK\u0005\u0006"u8) || BitConverter.ToUInt16(tail[(EndRecord - 2)..EndRecord]) != BankLayout.SealLength)
        {
            throw Damaged("the seal", "the file does not end with one: it is truncated, or no bank file");
        }

        return Encoding.ASCII.GetString(tail[EndRecord..]);
    }

    private BankManifest ReadManifest(ZipArchive zip, string digest)
    {
        var bytes = ReadEntry(zip, BankLayout.ManifestEntry, LargestManifest);
        Compare(BankLayout.ManifestEntry, digest, BankLayout.Digest(bytes));
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.GetProperty("format").GetInt32() is var format and not BankManifest.CurrentFormat)
            {
                throw new InvalidBankException($"Bank file '{path}' has format {format}, this program reads format {BankManifest.CurrentFormat}. Update the program, or fit the bank again.");
            }

            return document.Deserialize<BankManifest>(BankLayout.Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidBankException(Damaged(BankLayout.ManifestEntry, e.Message).Message, e);
        }
    }

    private T[] ReadArray<T>(ZipArchive zip, BankManifest manifest, string name, string type, int[] shape)
        where T : unmanaged
    {
        var entry = manifest.Entries.FirstOrDefault(e => e.Name == name) ?? throw Damaged(name, "the manifest does not list it");
        var fits = entry.Type == type && entry.Shape.Count == shape.Length && entry.Shape.Zip(shape).All(p => p.First > 0 && (p.Second < 0 || p.First == p.Second));
        if (!fits)
        {
            throw Damaged(name, $"it is {entry.Type}[{string.Join(", ", entry.Shape)}], expected {type}[{string.Join(", ", shape)}]");
        }

        var values = new T[checked(entry.Shape.Aggregate(1, (product, side) => product * side))];
        var target = MemoryMarshal.AsBytes(values.AsSpan());
        var bytes = ReadEntry(zip, name, target.Length);
        if (bytes.Length != target.Length)
        {
            throw Damaged(name, $"it has {bytes.Length} bytes, its shape asks for {target.Length}");
        }

        Compare(name, entry.Sha256, BankLayout.Digest(bytes));
        bytes.CopyTo(target);
        return values;
    }

    private byte[] ReadEntry(ZipArchive zip, string name, int limit)
    {
        var entry = zip.GetEntry(name) ?? throw Damaged(name, "it is not in the file");

        // What the entry claims is checked against the file before memory is taken for it.
        if (entry.Length > limit || entry.Length > file.Length)
        {
            throw Damaged(name, $"it claims {entry.Length} bytes, at most {Math.Min(limit, file.Length)} are expected");
        }

        try
        {
            var bytes = new byte[entry.Length];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new InvalidBankException(Damaged(name, e.Message).Message, e);
        }
    }

    private void Check(BankManifest manifest, string id)
    {
        if (manifest.Version < 1 || manifest.Neighbours < 1 || manifest.MapSide < 1 || !CategoryName.IsValid(manifest.Category) || manifest.Calibration is not { IsFinite: true, FalseReject: null or (> 0 and <= 1), UnknownShare: null or (> 0 and <= 1) }
            || manifest.Taught?.Any(t => t.Floor is not (>= 0 and < float.PositiveInfinity)) == true)
        {
            throw Damaged(BankLayout.ManifestEntry, "a value is outside of its range");
        }

        if (id != manifest.Id)
        {
            throw new InvalidBankException($"Bank file '{path}' holds '{manifest.Id}', expected '{id}'. Give it its own name back: {manifest.Id}{BankFile.Extension}.");
        }
    }

    /// <summary>What teaching adds lies behind the fitted rows, in the manifest's order: what takes it away again relies on it.</summary>
    private void CheckTaught(BankManifest manifest, int[] images)
    {
        var taught = manifest.Taught ?? [];
        var rows = taught.SelectMany(t => Enumerable.Repeat(t.Image, Math.Clamp(t.Rows, 0, images.Length))).ToArray();
        if (manifest.Edition < 1 || taught.Any(t => t.Rows < 1 || t.Image < manifest.TrainImages) || rows.Length >= images.Length || !images.AsSpan(images.Length - rows.Length).SequenceEqual(rows))
        {
            throw Damaged(BankLayout.ManifestEntry, "its taught images are not those of the last rows");
        }
    }

    /// <summary>Of all rows, 0 for those that were fitted.</summary>
    private static float[] Floors(BankManifest manifest)
    {
        var taught = manifest.Taught ?? [];
        return [.. new float[manifest.Rows - taught.Sum(t => t.Rows)], .. taught.SelectMany(t => Enumerable.Repeat(t.Floor, t.Rows))];
    }

    private void Compare(string name, string expected, string actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            throw Damaged(name, $"its SHA-256 is {actual}, expected {expected}");
        }
    }

    private InvalidBankException Damaged(string entry, string reason) =>
        new($"Bank file '{path}' is damaged at '{entry}': {reason}. Copy the file again, or fit the bank again.");
}
