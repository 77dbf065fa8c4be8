using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>
/// The entries of a bank file, found without believing any of its numbers: stored one behind the other from the first byte to the directory, the directory
/// up to the end record, nothing between them. What a zip may do besides (compress, encrypt, overlap, describe behind the data, span disks) is refused.
/// </summary>
internal sealed class StoredEntries
{
    private const int EndRecord = 22;
    private const int DirectoryHeader = 46;
    private const int LocalHeader = 30;
    private const int MostEntries = 16;
    private const int LargestDirectory = 1 << 12;
    private const int LongestName = 64;

    // No folders, and nothing that spoils a log.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-"u8);

    private readonly FileStream _file;
    private readonly string _path;
    private readonly Dictionary<string, (long Offset, int Length)> _entries = new(StringComparer.Ordinal);

    /// <param name="path">For messages.</param>
    /// <exception cref="UpdateRefusedException">Not laid out as a bank file is.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public StoredEntries(FileStream file, string path)
    {
        (_file, _path) = (file, path);
        ReadOnlySpan<byte> directory = ReadDirectory(out var entries, out var begin);
        long end = 0;
        for (var i = 0; i < entries; i++)
        {
            Require(directory.Length >= DirectoryHeader, "its directory is cut off");
            var length = DirectoryHeader + BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            Require(directory.Length >= length, "its directory is cut off");
            end = Add(directory[..length], end);
            directory = directory[length..];
        }

        Require(directory.IsEmpty && end == begin, "its directory does not list exactly what lies in it");
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    public long Length(string name) => _entries[name].Length;

    /// <summary>SHA-256 of an entry's bytes, lower-case hex.</summary>
    public string Digest(string name)
    {
        long length = _entries[name].Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var offset = _entries[name].Offset; length > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length));
            Read(offset, part);
            hash.AppendData(part);
            (offset, length) = (offset + part.Length, length - part.Length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="UpdateRefusedException">It is not there, or has more bytes than <paramref name="limit"/>.</exception>
    public byte[] Bytes(string name, long limit)
    {
        Require(_entries.TryGetValue(name, out var entry), $"it has no '{name}'");
        Require(entry.Length <= limit, $"'{name}' has {entry.Length} bytes, at most {limit} are expected");
        var bytes = new byte[entry.Length];
        Read(entry.Offset, bytes);
        return bytes;
    }

    /// <exception cref="UpdateRefusedException">Where <paramref name="holds"/> is false.</exception>
    public void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new UpdateRefusedException(UpdateRefusal.Damaged, $"package '{_path}' is not what was signed: {reason}. Copy it again; if that does not help, sign and publish it again.");
        }
    }

    private byte[] ReadDirectory(out int entries, out long begin)
    {
        var at = _file.Length - EndRecord - BankFile.SealLength;
        Require(at >= 0, $"it has only {_file.Length} bytes");
        Span<byte> end = stackalloc byte[EndRecord];
        Read(at, end);
        entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        begin = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);

        // Signature, one disk, as many entries on it as in all.
        Require(
            end.StartsWith("PK\u0005\u0006\0\0\0\0"u8) && end[8..10].SequenceEqual(end[10..12]) && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == BankFile.SealLength,
            "it does not end as a bank file does: it is truncated, or none");
        Require(entries <= MostEntries && size <= LargestDirectory && begin + size == at, $"its directory of {entries} entries and {size} bytes does not lie before its end");
        var directory = new byte[size];
        Read(begin, directory);
        return directory;
    }

    /// <param name="header">One entry of the directory, which says nothing but what every bank's does.</param>
    /// <param name="begin">Where its data must begin, with a header of its own.</param>
    /// <returns>Where it ends.</returns>
    private long Add(ReadOnlySpan<byte> header, long begin)
    {
        const int Flags = 8;
        const int Method = 10;
        const int Extra = 30;
        const int Attributes = 36;
        const int Offset = 42;
        Require(header[DirectoryHeader..].IndexOfAnyExcept(NameBytes) < 0 && header.Length <= DirectoryHeader + LongestName, "an entry has a name that none of a bank has");
        var name = Encoding.ASCII.GetString(header[DirectoryHeader..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        var plain = header.StartsWith("PK\u0001\u0002"u8)
            && header[Flags..(Method + 2)].IndexOfAnyExcept((byte)0) < 0
            && header[20..24].SequenceEqual(header[24..28])
            && header[Extra..Attributes].IndexOfAnyExcept((byte)0) < 0
            && BinaryPrimitives.ReadUInt32LittleEndian(header[Offset..]) == begin;
        Require(plain, $"'{name}' is compressed, encrypted or out of its place");

        // The header before the data repeats what the directory says.
        Span<byte> local = stackalloc byte[LocalHeader];
        var data = begin + LocalHeader + (header.Length - DirectoryHeader);
        Require(data + length <= _file.Length && length <= int.MaxValue, $"'{name}' claims {length} bytes, more than there are");
        Read(begin, local);
        Span<byte> again = stackalloc byte[header.Length - DirectoryHeader];
        Read(begin + LocalHeader, again);
        Require(local.StartsWith("PK\u0003\u0004"u8) && local[4..].SequenceEqual(header[6..32]) && again.SequenceEqual(header[DirectoryHeader..]), $"'{name}' is described in two ways");
        Require(_entries.TryAdd(name, (data, (int)length)), $"'{name}' is in it twice");
        return data + length;
    }

    private void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            Require(read > 0, "it became shorter while it was read");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
