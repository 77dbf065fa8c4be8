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
        for (long at = Signature; ;)
        {
            var frame = ImageHeader.Bytes(file, at, ChunkFrame);
            if (frame[4..8].SequenceEqual("IEND"u8))
            {
                return header;
            }

            at += ChunkFrame + (long)ImageHeader.UInt32(file, at, true);
        }
    }

    /// <summary>Copies what the data chunks hold, one after the other, to the beginning of <paramref name="target"/>.</summary>
    /// <returns>How many bytes.</returns>
    public static int CopyData(ReadOnlySpan<byte> file, Span<byte> target)
    {
        var length = 0;
        for (var at = Signature; !file.Slice(at + 4, 4).SequenceEqual("IEND"u8);)
        {
            var size = (int)ImageHeader.UInt32(file, at, true);
            if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                file.Slice(at + 8, size).CopyTo(target[length..]);
                length += size;
            }

            at += ChunkFrame + size;
        }

        return length;
    }
}
