using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The fields of a page's header that concern the files, and its checksum.</summary>
internal static class Page
{
    /// <summary>The first page's number: the header, with the list of free pages and the number of the last page.</summary>
    public const int Header = 0;

    // LiteDB's page header, little-endian. The transaction has a meaning in the journal alone: in the file, the checksum takes its place.
    private const int NumberAt = 0;
    private const int TypeAt = 4;
    private const int NextAt = 9;
    private const int TransactionAt = 14;
    private const int ConfirmedAt = 18;
    private const int FirstFreeAt = 60;
    private const int LastPageAt = 64;
    private const uint None = uint.MaxValue;

    public static uint Number(ReadOnlySpan<byte> page) => Read(page, NumberAt);

    /// <summary>Whether a journal's page ends its transaction.</summary>
    public static bool IsConfirmed(ReadOnlySpan<byte> page) => page[ConfirmedAt] != 0;

    public static bool IsFree(ReadOnlySpan<byte> page) => page[TypeAt] == 0;

    public static uint LastPage(ReadOnlySpan<byte> header) => Read(header, LastPageAt);

    public static uint? FirstFree(ReadOnlySpan<byte> header) => Read(header, FirstFreeAt) is not None and var number ? number : null;

    public static uint? Next(ReadOnlySpan<byte> page) => Read(page, NextAt) is not None and var number ? number : null;

    /// <summary>The page as LiteDB has it in the file: of no transaction.</summary>
    public static void Clear(Span<byte> page)
    {
        Write(page, TransactionAt, None);
        page[ConfirmedAt] = 0;
    }

    /// <summary>Puts the checksum into a page that goes into the file.</summary>
    public static void Seal(Span<byte> page, long number)
    {
        Clear(page);
        Write(page, TransactionAt, Checksum(page, number));
    }

    /// <summary>Takes the checksum out of a page; false where it does not hold. A page that LiteDB's own tools wrote has none.</summary>
    public static bool Unseal(Span<byte> page, long number)
    {
        var found = Read(page, TransactionAt);
        Clear(page);
        return found == None || found == Checksum(page, number);
    }

    /// <summary>Of the page and where it belongs; never the value that stands for none.</summary>
    public static uint Checksum(ReadOnlySpan<byte> page, long number)
    {
        var sum = BitOperations.Crc32C(None, (ulong)number);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(page))
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        return sum == None ? 0 : sum;
    }

    private static uint Read(ReadOnlySpan<byte> page, int at) => BinaryPrimitives.ReadUInt32LittleEndian(page[at..]);

    private static void Write(Span<byte> page, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(page[at..], value);
}
