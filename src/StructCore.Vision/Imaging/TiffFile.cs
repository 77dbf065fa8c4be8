namespace StructCore.Vision.Imaging;

/// <summary>Reads the first directory of a TIFF file and checks that its strips or tiles are all there.</summary>
internal readonly ref struct TiffFile(ReadOnlySpan<byte> file, bool bigEndian)
{
    private const int EntrySize = 12;
    private const int Short = 3;
    private const int Long = 4;
    private const int UnassociatedAlpha = 2;

    private readonly ReadOnlySpan<byte> _file = file;
    private readonly bool _bigEndian = bigEndian;

    private enum Tag
    {
        Width = 256,
        Height = 257,
        StripOffsets = 273,
        StripByteCounts = 279,
        TileOffsets = 324,
        TileByteCounts = 325,
        ExtraSamples = 338,
    }

    public ImageHeader Measure()
    {
        // The directory ends with the place of the next one, which must be there even though it is not followed.
        long directory = ImageHeader.UInt32(_file, 4, _bigEndian);
        ImageHeader.Bytes(_file, directory, 2 + (ImageHeader.UInt16(_file, directory, _bigEndian) * EntrySize) + 4);
        var header = new ImageHeader("TIFF", Value(Find(Tag.Height), 0), Value(Find(Tag.Width), 0));
        var (offsets, counts) = (Find(Tag.StripOffsets, Tag.TileOffsets), Find(Tag.StripByteCounts, Tag.TileByteCounts));
        var parts = ImageHeader.UInt32(_file, offsets + 4, _bigEndian);
        if (parts != ImageHeader.UInt32(_file, counts + 4, _bigEndian))
        {
            throw new InvalidDataException("is a TIFF file whose strips and their lengths differ in number");
        }

        for (uint i = 0; i < parts; i++)
        {
            if ((long)Value(offsets, i) + Value(counts, i) > _file.Length)
            {
                throw new InvalidDataException($"is a TIFF file that ends after {_file.Length} bytes, inside of its strip {i + 1} of {parts}");
            }
        }

        return header with { UnassociatedAlphaAt = UnassociatedAlphaAt() };
    }

    private int? UnassociatedAlphaAt() =>
        TryFind(out var entry, Tag.ExtraSamples) && ImageHeader.UInt32(_file, entry + 4, _bigEndian) == 1 && Value(entry, 0) == UnassociatedAlpha
            ? (int)entry + (_bigEndian ? 9 : 8)
            : null;

    private long Find(params ReadOnlySpan<Tag> tags) =>
        TryFind(out var entry, tags) ? entry : throw new InvalidDataException($"is a TIFF file without the tag {tags[0]}");

    /// <summary>Where the entry of one of these tags lies in the first directory.</summary>
    private bool TryFind(out long entry, params ReadOnlySpan<Tag> tags)
    {
        long directory = ImageHeader.UInt32(_file, 4, _bigEndian);
        var entries = ImageHeader.UInt16(_file, directory, _bigEndian);
        for (var i = 0; i < entries; i++)
        {
            entry = directory + 2 + (i * EntrySize);
            if (tags.Contains((Tag)ImageHeader.UInt16(_file, entry, _bigEndian)))
            {
                return true;
            }
        }

        entry = 0;
        return false;
    }

    /// <summary>Value <paramref name="index"/> of an entry; up to four bytes of values stand in the entry itself.</summary>
    private uint Value(long entry, uint index)
    {
        var size = ImageHeader.UInt16(_file, entry + 2, _bigEndian) switch
        {
            Short => 2,
            Long => 4,
            var other => throw new InvalidDataException($"is a TIFF file with a tag of type {other} where a number is expected"),
        };
        var count = ImageHeader.UInt32(_file, entry + 4, _bigEndian);
        var values = (long)count * size <= 4 ? entry + 8 : ImageHeader.UInt32(_file, entry + 8, _bigEndian);
        var at = values + ((long)index * size);
        return size == 2 ? (uint)ImageHeader.UInt16(_file, at, _bigEndian) : ImageHeader.UInt32(_file, at, _bigEndian);
    }
}
