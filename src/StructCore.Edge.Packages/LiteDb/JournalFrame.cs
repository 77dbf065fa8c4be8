using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>How a journal lies in its file: a mark and the salt, then frames; a frame is a page with the salt and a checksum behind it.</summary>
internal static class JournalFrame
{
    public const int Bytes = PageStream.PageBytes + 16;

    private const int HeaderBytes = 16;
    private const int SaltAt = PageStream.PageBytes;
    private const int ChecksumAt = SaltAt + 8;

    private static ReadOnlySpan<byte> Mark => "SCEjrnl1"u8;

    public static long Length(long frames) => frames == 0 ? 0 : HeaderBytes + (frames * Bytes);

    /// <summary>The salt of a journal; null where the file is none (yet).</summary>
    public static ulong? ReadSalt(SafeFileHandle file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        return RandomAccess.Read(file, header, 0) == HeaderBytes && header.StartsWith(Mark) ? BinaryPrimitives.ReadUInt64LittleEndian(header[Mark.Length..]) : null;
    }

    public static void WriteSalt(SafeFileHandle file, ulong salt)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Mark.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[Mark.Length..], salt);
        RandomAccess.Write(file, header, 0);
    }

    /// <summary>Reads a frame into a buffer that begins with its page then; false where it does not hold.</summary>
    public static bool Read(SafeFileHandle file, long number, ulong salt, Span<byte> frame) =>
        RandomAccess.Read(file, frame, Length(number + 1) - Bytes) == Bytes
        && BinaryPrimitives.ReadUInt64LittleEndian(frame[SaltAt..]) == salt
        && BinaryPrimitives.ReadUInt64LittleEndian(frame[ChecksumAt..]) == Page.Checksum(frame[..PageStream.PageBytes], number);

    /// <param name="frame">Working memory of a frame's size.</param>
    public static void Write(SafeFileHandle file, long number, ulong salt, ReadOnlySpan<byte> page, Span<byte> frame)
    {
        page.CopyTo(frame);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[SaltAt..], salt);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[ChecksumAt..], Page.Checksum(page, number));
        RandomAccess.Write(file, frame, Length(number + 1) - Bytes);
    }
}
