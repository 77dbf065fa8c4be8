namespace StructCore.Tests.Imaging;

/// <summary>Image files of kinds that the codec reads but does not write, byte by byte.</summary>
internal static class ImageSamples
{
    /// <summary>24-bit BMP, rows from the bottom up, BGR, padded to four bytes.</summary>
    public static byte[] Bmp(int height, int width, byte[] bgr)
    {
        var stride = ((width * 3) + 3) / 4 * 4;
        var rows = new byte[stride * height];
        for (var y = 0; y < height && bgr.Length > 0; y++)
        {
            bgr.AsSpan(y * width * 3, width * 3).CopyTo(rows.AsSpan((height - 1 - y) * stride));
        }

        return [.. "BM"u8, .. Int(54 + rows.Length), .. Int(0), .. Int(54), .. Int(40), .. Int(width), .. Int(height), 1, 0, 24, 0, .. Int(0), .. Int(rows.Length), .. Int(0), .. Int(0), .. Int(0), .. Int(0), .. rows];
    }

    /// <summary>Uncompressed little-endian TIFF of one strip, chunky; four channels carry unassociated alpha.</summary>
    public static byte[] Tiff(int height, int width, int bits, int channels, byte[] samples)
    {
        // Values of more than four bytes stand between the header and the strip.
        byte[] depths = [.. Enumerable.Repeat((byte)bits, channels).SelectMany(b => new byte[] { b, 0 })];
        var strip = 8 + depths.Length;
        List<byte[]> entries =
        [
            Entry(256, 4, 1, width),
            Entry(257, 4, 1, height),
            channels <= 2 ? Entry(258, 3, channels, bits) : Entry(258, 3, channels, 8),
            Entry(259, 3, 1, 1),
            Entry(262, 3, 1, channels >= 3 ? 2 : 1),
            Entry(273, 4, 1, strip),
            Entry(277, 3, 1, channels),
            Entry(278, 4, 1, height),
            Entry(279, 4, 1, samples.Length),
        ];
        if (channels == 4)
        {
            entries.Add(Entry(338, 3, 1, 2));
        }

        return [.. "II"u8, 42, 0, .. Int(strip + samples.Length), .. depths, .. samples, (byte)entries.Count, 0, .. entries.SelectMany(e => e), .. Int(0)];
    }

    private static byte[] Entry(ushort tag, ushort type, int count, int value) => [(byte)tag, (byte)(tag >> 8), (byte)type, 0, .. Int(count), .. Int(value)];

    private static byte[] Int(int value) => BitConverter.GetBytes(value);
}
