using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StructCore.Tests.Imaging;

/// <summary>Image files of kinds that the codec reads but does not write, byte by byte.</summary>
internal static class ImageSamples
{
    /// <summary>PNG; <paramref name="rows"/> are the raw samples, big-endian, without filter bytes.</summary>
    public static byte[] Png(int height, int width, byte bits, byte colourType, byte[] rows, byte[]? palette = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colourType);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = rows.Length / height;
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(rows, y * stride, stride);
            }
        }

        byte[] colours = palette is null ? [] : Chunk("PLTE", palette);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. colours, .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

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

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        var frame = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(frame, data.Length);
        named.CopyTo(frame, 4);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32(named));
        return frame;
    }

    private static uint Crc32(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }
}
