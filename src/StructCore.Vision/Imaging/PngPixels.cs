using System.Buffers;
using System.IO.Compression;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.Imaging;

/// <summary>
/// The pixels of the PNG files that most cameras and data sets write, 8-bit grey or RGB without interlacing. libpng spends more time on undoing filters
/// (PNG, third edition, 9), a mispredicted branch per byte, than on inflating. Whatever is of another kind or not as it should be is left to the codec's own
/// decoder, which also says why.
/// </summary>
internal static class PngPixels
{
    private const int Signature = 8;
    private const int HeaderEnd = Signature + 8 + 13;

    // Four bytes are read and written at a time, so that the last pixel of a row needs room behind it.
    private const int Slack = sizeof(int);

    // As much is inflated at a time: a call for each row would cost as much as undoing its filter.
    private const int BandBytes = 1 << 16;

    private interface IPredictor
    {
        static abstract Vector128<short> Predict(Vector128<short> left, Vector128<short> above, Vector128<short> corner);
    }

    /// <summary>Decodes a file that <see cref="PngFile"/> has walked through.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">Receives 8-bit RGB, [height, width, 3].</param>
    /// <returns>False where the file is left to another decoder: then the pixels are of no use.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> file, int height, int width, Span<byte> pixels)
    {
        // Bit depth, colour type, compression, filter method and interlacing; the data has a check sum of its own, inside.
        var bytesPerPixel = file[(Signature + 16)..HeaderEnd] switch { [8, 0, 0, 0, 0] => 1, [8, 2, 0, 0, 0] => 3, _ => 0 };
        if (bytesPerPixel == 0 || Crc(file[(Signature + 4)..HeaderEnd]) != ImageHeader.UInt32(file, HeaderEnd, true))
        {
            return false;
        }

        var data = ArrayPool<byte>.Shared.Rent(file.Length);
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(data, 0, PngFile.CopyData(file, data)), CompressionMode.Decompress);

            // Reading on compares the check sum.
            return TryUndo(inflated, height, width, bytesPerPixel, pixels) && inflated.ReadByte() < 0;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }

    /// <summary>False where a row has an unknown filter, or is longer than a band.</summary>
    private static bool TryUndo(ZLibStream inflated, int height, int width, int bytesPerPixel, Span<byte> pixels)
    {
        // A row's filter stands before its bytes.
        var stride = width * bytesPerPixel;
        var line = 1 + stride;
        var band = Math.Min(BandBytes / line, height);
        if (band == 0)
        {
            return false;
        }

        var room = ArrayPool<byte>.Shared.Rent((band * line) + (3 * (stride + Slack)));
        try
        {
            var lines = room.AsSpan(0, (band * line) + Slack);
            var above = room.AsSpan(lines.Length, stride + Slack);
            var current = room.AsSpan(lines.Length + above.Length, stride + Slack);
            above.Clear();
            for (var y = 0; y < height; y++)
            {
                var at = y % band * line;
                if (at == 0)
                {
                    inflated.ReadExactly(lines[..(Math.Min(band, height - y) * line)]);
                }

                var filtered = lines.Slice(at + 1, stride + Slack);
                switch (lines[at])
                {
                    case 0: filtered.CopyTo(current); break;
                    case 1: Undo<Left>(filtered, above, current, bytesPerPixel); break;
                    case 2: TensorPrimitives.Add<byte>(filtered, above, current); break;
                    case 3: Undo<Average>(filtered, above, current, bytesPerPixel); break;
                    case 4: Undo<Paeth>(filtered, above, current, bytesPerPixel); break;
                    default: return false;
                }

                var target = pixels.Slice(y * width * RgbImage.Channels, width * RgbImage.Channels);
                if (bytesPerPixel == 1)
                {
                    Repeat(current[..stride], target);
                }
                else
                {
                    current[..stride].CopyTo(target);
                }

                var done = current;
                current = above;
                above = done;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>A pixel is what was filtered plus what its left neighbour, the one above and that one's left neighbour predict, per byte modulo 256.</summary>
    private static void Undo<TPredictor>(ReadOnlySpan<byte> filtered, ReadOnlySpan<byte> above, Span<byte> row, int bytesPerPixel)
        where TPredictor : IPredictor
    {
        var (left, corner, low) = (Vector128<short>.Zero, Vector128<short>.Zero, Vector128.Create((short)0xFF));
        for (var i = 0; i < row.Length - Slack; i += bytesPerPixel)
        {
            var top = Load(above[i..]);
            left = (Load(filtered[i..]) + TPredictor.Predict(left, top, corner)) & low;
            corner = top;
            MemoryMarshal.Write(row[i..], Vector128.Narrow(left.AsUInt16(), left.AsUInt16()).AsInt32().ToScalar());
        }

        static Vector128<short> Load(ReadOnlySpan<byte> bytes) => Vector128.WidenLower(Vector128.CreateScalar(MemoryMarshal.Read<int>(bytes)).AsByte()).AsInt16();
    }

    private static void Repeat(ReadOnlySpan<byte> grey, Span<byte> rgb)
    {
        var x = 0;
        for (; x <= grey.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var sixteen = Vector128.Create(grey.Slice(x, Vector128<byte>.Count));
            var target = rgb[(x * RgbImage.Channels)..];
            Vector128.Shuffle(sixteen, Vector128.Create((byte)0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5)).CopyTo(target);
            Vector128.Shuffle(sixteen, Vector128.Create((byte)5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10)).CopyTo(target[16..]);
            Vector128.Shuffle(sixteen, Vector128.Create((byte)10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 15)).CopyTo(target[32..]);
        }

        for (; x < grey.Length; x++)
        {
            rgb.Slice(x * RgbImage.Channels, RgbImage.Channels).Fill(grey[x]);
        }
    }

    /// <summary>CRC-32 of ISO 3309, of the few bytes of a header.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private readonly struct Left : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> above, Vector128<short> corner) => left;
    }

    private readonly struct Average : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> above, Vector128<short> corner) => (left + above) >> 1;
    }

    /// <summary>The neighbour nearest to left + above - corner, in this order; written so that little waits for <c>left</c>.</summary>
    private readonly struct Paeth : IPredictor
    {
        public static Vector128<short> Predict(Vector128<short> left, Vector128<short> above, Vector128<short> corner)
        {
            var (least, greatest, bound) = (Vector128.Min(left, above), Vector128.Max(left, above), (corner + corner + corner) - above - left);
            var lower = Vector128.ConditionalSelect(Vector128.GreaterThan(greatest, bound), corner, least);
            return Vector128.ConditionalSelect(Vector128.GreaterThan(bound, least), lower, greatest);
        }
    }
}
