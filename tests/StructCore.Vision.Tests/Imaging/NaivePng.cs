using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace StructCore.Tests.Imaging;

/// <summary>PNG files of any kind, written and read byte by byte as the specification (third edition, 9) says.</summary>
internal static class NaivePng
{
    /// <param name="rows">The raw samples, big-endian, without filter bytes.</param>
    /// <param name="filter">Of each row; none where it is not given.</param>
    /// <param name="chunk">Most bytes of a data chunk.</param>
    public static byte[] Write(int height, int width, byte bits, byte colourType, byte[] rows, byte[]? palette = null, Func<int, byte>? filter = null, int chunk = int.MaxValue)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colourType);
        var stride = rows.Length / height;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                var by = filter?.Invoke(y) ?? 0;
                zlib.WriteByte(by);
                for (var i = 0; i < stride; i++)
                {
                    zlib.WriteByte((byte)(rows[(y * stride) + i] - Predict(by, rows, y, i, stride, Math.Max(1, stride / width))));
                }
            }
        }

        byte[] colours = palette is null ? [] : Chunk("PLTE", palette);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. colours, .. packed.ToArray().Chunk(chunk).SelectMany(part => Chunk("IDAT", part)), .. Chunk("IEND", [])];
    }

    /// <summary>The samples of a file of <see cref="Write"/> without palette.</summary>
    public static byte[] Read(byte[] file, int height, int width, int bytesPerPixel)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < file.Length;)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (file.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(file, at + 8, size);
            }

            at += 12 + size;
        }

        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        var stride = width * bytesPerPixel;
        var rows = new byte[height * stride];
        for (var y = 0; y < height; y++)
        {
            var filter = zlib.ReadByte();
            zlib.ReadExactly(rows, y * stride, stride);
            for (var i = 0; i < stride; i++)
            {
                rows[(y * stride) + i] += Predict(filter, rows, y, i, stride, bytesPerPixel);
            }
        }

        return rows;
    }

    /// <summary>A chunk with its length and check sum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        var frame = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(frame, data.Length);
        named.CopyTo(frame, 4);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32(named));
        return frame;
    }

    private static byte Predict(int filter, byte[] rows, int y, int i, int stride, int bytesPerPixel)
    {
        int At(int row, int column) => row < 0 || column < 0 ? 0 : rows[(row * stride) + column];
        var (a, b, c) = (At(y, i - bytesPerPixel), At(y - 1, i), At(y - 1, i - bytesPerPixel));
        return (byte)(filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 });
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
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
