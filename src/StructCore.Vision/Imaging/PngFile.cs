namespace StructCore.Vision.Imaging;

/// <summary>Walks the chunks of a PNG file to its end chunk.</summary>
internal static class PngFile
{
    private const int Signature = 8;
    private const int ChunkFrame = 12;

    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        if (!ImageHeader.Bytes(file, Signature + 4, 4).SequenceEqual("IHDR"u8))
        {
            throw new InvalidDataException("is a PNG file without a header");
        }

        var header = new ImageHeader("PNG", ImageHeader.UInt32(file, Signature + 12, true), ImageHeader.UInt32(file, Signature + 8, true));
        for (long at = Signature; TryChunk(file, at, out _, out var size); at += ChunkFrame + size)
        {
            // To the end chunk: a file that was cut off has none.
        }

        return header;
    }

    /// <summary>Copies what the data chunks hold, one after the other, to the beginning of <paramref name="target"/>.</summary>
    /// <returns>How many bytes.</returns>
    public static int CopyData(ReadOnlySpan<byte> file, Span<byte> target)
    {
        var length = 0;
        for (long at = Signature; TryChunk(file, at, out var type, out var size); at += ChunkFrame + size)
        {
            if (type.SequenceEqual("IDAT"u8))
            {
                ImageHeader.Bytes(file, at + 8, (int)size).CopyTo(target[length..]);
                length += (int)size;
            }
        }

        return length;
    }

    /// <summary>The chunk at an offset; false where it is the end chunk.</summary>
    private static bool TryChunk(ReadOnlySpan<byte> file, long at, out ReadOnlySpan<byte> type, out long size)
    {
        type = ImageHeader.Bytes(file, at, ChunkFrame)[4..8];
        size = ImageHeader.UInt32(file, at, true);
        return !type.SequenceEqual("IEND"u8);
    }
}
