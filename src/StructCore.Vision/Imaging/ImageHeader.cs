using System.Buffers.Binary;

namespace StructCore.Vision.Imaging;

/// <summary>What a file claims to be, read before anything is decoded or allocated.</summary>
internal readonly record struct ImageHeader(string Format, long Height, long Width)
{
    /// <summary>TIFF only: where the byte stands that calls the alpha channel unassociated, 2; there libtiff would multiply the colours with it. As 1 it leaves them alone.</summary>
    public int? UnassociatedAlphaAt { get; init; }

    /// <summary>Recognises the format by its first bytes, reads the size and checks that the file goes on to its own end.</summary>
    /// <remarks>The decoders alone do not tell: libjpeg fills what a truncated file lacks with grey.</remarks>
    /// <exception cref="InvalidDataException">Not one of the formats, or it ends early; the message is the second half of a sentence.</exception>
    public static ImageHeader Read(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngFile.Measure(file),
        [0xFF, 0xD8, 0xFF, ..] => JpegFile.Measure(file),
        [(byte)'B', (byte)'M', ..] => BmpFile.Measure(file),
        [(byte)'I', (byte)'I', 42, 0, ..] => new TiffFile(file, bigEndian: false).Measure(),
        [(byte)'M', (byte)'M', 0, 42, ..] => new TiffFile(file, bigEndian: true).Measure(),
        [] => throw new InvalidDataException("is empty"),
        _ => throw new InvalidDataException($"begins with {Convert.ToHexString(file[..Math.Min(file.Length, 8)])}, which is neither PNG, JPEG, BMP nor TIFF"),
    };

    /// <summary><paramref name="length"/> bytes of a file that may end too early.</summary>
    public static ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> file, long offset, int length)
    {
        if (offset < 0 || offset + length > file.Length)
        {
            throw new InvalidDataException($"ends after {file.Length} bytes, before its own end");
        }

        return file.Slice((int)offset, length);
    }

    public static int UInt16(ReadOnlySpan<byte> file, long offset, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Bytes(file, offset, 2)) : BinaryPrimitives.ReadUInt16LittleEndian(Bytes(file, offset, 2));

    public static uint UInt32(ReadOnlySpan<byte> file, long offset, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Bytes(file, offset, 4)) : BinaryPrimitives.ReadUInt32LittleEndian(Bytes(file, offset, 4));
}
