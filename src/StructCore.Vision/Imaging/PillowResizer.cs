using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.Imaging;

/// <summary>
/// Pillow's antialiased bilinear resize of 8-bit RGB, bit for bit: a horizontal, then a vertical pass in fixed point, each rounded
/// back to 8 bit. Only the rows and columns of a centred window are computed.
/// </summary>
/// <remarks>Stateless and thread-safe. Rows of the scratch buffers are padded so that neither pass needs a scalar tail.</remarks>
internal static class PillowResizer
{
    private const int Channels = RgbImage.Channels;
    private const int Lane = 32;
    private const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    /// <summary>Resizes to <paramref name="side"/> x side and keeps the centred <paramref name="window"/> x window in <paramref name="target"/>, [window, window, 3].</summary>
    public static void Resize(RgbImage image, int side, int window, Span<byte> target)
    {
        var offset = (side - window) / 2;
        var columns = ResampleAxis.For(image.Width, side, offset, window);
        var rows = ResampleAxis.For(image.Height, side, offset, window);

        // One byte more than the row: pixels are stored as four bytes.
        var stride = ((window * Channels) + Lane) / Lane * Lane;
        var height = rows.End - rows.Begin;
        var narrow = ArrayPool<byte>.Shared.Rent(height * stride);
        try
        {
            Narrow(image, rows.Begin, height, columns, narrow, stride);
            Flatten(narrow, stride, rows, target, window * Channels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrow);
        }
    }

    /// <summary>Horizontal pass: rows <paramref name="begin"/> .. begin + height of the image to [height, stride].</summary>
    private static void Narrow(RgbImage image, int begin, int height, ResampleAxis columns, Span<byte> target, int stride)
    {
        // A tap group loads 16 bytes and may pass the end of the row, with weights of zero; only at the end of the image is there nothing to load.
        var rowBytes = image.Width * Channels;
        var reach = rowBytes + (columns.Taps * Channels) + Vector128<byte>.Count;
        var last = ArrayPool<byte>.Shared.Rent(reach);
        try
        {
            for (var y = 0; y < height; y++)
            {
                var source = image.Pixels[((begin + y) * rowBytes)..];
                if (source.Length < reach)
                {
                    source[..rowBytes].CopyTo(last);
                    source = last;
                }

                NarrowRow(source, columns, target.Slice(y * stride, stride));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(last);
        }
    }

    private static void NarrowRow(ReadOnlySpan<byte> source, ResampleAxis columns, Span<byte> target)
    {
        var spread = Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var weight = ref MemoryMarshal.GetReference(columns.Weights);
        var weightIndex = 0;
        for (var x = 0; x < columns.First.Length; x++)
        {
            // Lanes of each half: R, G, B, unused. Sums stay under 2^31: weights add up to 2^22, samples are 8 bit.
            var even = Vector256<int>.Zero;
            var odd = Vector256<int>.Zero;
            var sample = columns.First[x] * Channels;
            for (var t = 0; t < columns.Taps; t += ResampleAxis.TapGroup)
            {
                var four = Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)sample), spread);
                var wide = Vector256.WidenLower(four.ToVector256Unsafe());
                var weights = Vector128.LoadUnsafe(ref weight, (nuint)weightIndex).ToVector256Unsafe();
                even += Vector256.WidenLower(wide).AsInt32() * Vector256.Shuffle(weights, Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
                odd += Vector256.WidenUpper(wide).AsInt32() * Vector256.Shuffle(weights, Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3));
                sample += ResampleAxis.TapGroup * Channels;
                weightIndex += ResampleAxis.TapGroup;
            }

            even += odd;
            var rounded = (even.GetLower() + even.GetUpper() + Vector128.Create(Half)) >> ResampleAxis.PrecisionBits;
            var pixel = Vector128.Narrow(Vector128.Min(rounded, Vector128.Create(255)), Vector128<int>.Zero).AsUInt16();
            MemoryMarshal.Write(target[(x * Channels)..], Vector128.Narrow(pixel, pixel).AsUInt32().ToScalar());
        }
    }

    /// <summary>Vertical pass: [rows.End - rows.Begin, stride] to [window, rowBytes].</summary>
    private static void Flatten(ReadOnlySpan<byte> source, int stride, ResampleAxis rows, Span<byte> target, int rowBytes)
    {
        var padded = ArrayPool<byte>.Shared.Rent(stride);
        try
        {
            for (var y = 0; y < rows.First.Length; y++)
            {
                var available = source[((rows.First[y] - rows.Begin) * stride)..];
                FlattenRow(available, stride, rows.Weights.Slice(y * rows.Taps, rows.Taps).TrimEnd(0), padded.AsSpan(0, stride));
                padded.AsSpan(0, rowBytes).CopyTo(target[(y * rowBytes)..]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(padded);
        }
    }

    private static void FlattenRow(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> weights, Span<byte> target)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        for (var x = 0; x < target.Length; x += Lane)
        {
            var (a, b, c, d) = (Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half), Vector256.Create(Half));
            for (var t = 0; t < weights.Length; t++)
            {
                var weight = Vector256.Create(weights[t]);
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)((t * stride) + x)));
                a += Vector256.WidenLower(low).AsInt32() * weight;
                b += Vector256.WidenUpper(low).AsInt32() * weight;
                c += Vector256.WidenLower(high).AsInt32() * weight;
                d += Vector256.WidenUpper(high).AsInt32() * weight;
            }

            var lower = Vector256.Narrow(Rounded(a), Rounded(b)).AsUInt16();
            var upper = Vector256.Narrow(Rounded(c), Rounded(d)).AsUInt16();
            Vector256.Narrow(lower, upper).CopyTo(target[x..]);
        }
    }

    private static Vector256<int> Rounded(Vector256<int> sum) => Vector256.Min(sum >> ResampleAxis.PrecisionBits, Vector256.Create(255));
}
