namespace StructCore.Vision.Imaging;

/// <summary>Walks the segments and scans of a JPEG file to its end marker.</summary>
internal static class JpegFile
{
    // A progressive file has about ten. Thousands of them, each over the whole image, are an attack on the clock.
    private const int MaxScans = 100;

    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    public static ImageHeader Measure(ReadOnlySpan<byte> file)
    {
        ImageHeader? header = null;
        var scans = 0;
        for (long at = 2; ;)
        {
            at = NextMarker(file, at);
            var marker = file[(int)at + 1];
            if (marker == EndOfImage)
            {
                return header is { } found && scans > 0 ? found : throw new InvalidDataException("is a JPEG file without an image");
            }

            if (IsFrame(marker))
            {
                header = new ImageHeader("JPEG", ImageHeader.UInt16(file, at + 5, true), ImageHeader.UInt16(file, at + 7, true));
            }
            else if (marker == StartOfScan && ++scans > MaxScans)
            {
                throw new InvalidDataException($"is a JPEG file of more than {MaxScans} scans");
            }

            at += 2 + ImageHeader.UInt16(file, at + 2, true);
        }
    }

    /// <summary>Where the next marker with a segment, or the end marker, begins. What lies before it is a scan or, as decoders allow, rubbish.</summary>
    private static long NextMarker(ReadOnlySpan<byte> file, long at)
    {
        for (; ; at++)
        {
            ImageHeader.Bytes(file, at, 2);
            var skipped = file[(int)at..^1].IndexOf((byte)0xFF);
            at = skipped < 0 ? file.Length : at + skipped;

            // Stuffed zeros, fill bytes and restart markers belong to the scan.
            if (ImageHeader.Bytes(file, at, 2)[1] is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD8)))
            {
                return at;
            }
        }
    }

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
