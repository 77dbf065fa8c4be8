using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.Imaging;

/// <summary>
/// Pillow's antialiased bilinear resize of 8-bit RGB, bit for bit: a horizontal, then a vertical pass in fixed point, each rounded
/// back to 8 bit. Only the rows and columns of a centred window are computed, a row when it is asked for, and no more of the narrowed
/// frame is held than a few rows, which stay in the cache.
/// </summary>
/// <remarks>Not thread-safe. Its buffers come from a pool; rows in them are padded so that neither pass needs a scalar tail.</remarks>
internal sealed class PillowResizer : IDisposable
{
    private const int Channels = RgbImage.Channels;
    private const int Lane = 32;
    private const int Half = 1 << (ResampleAxis.PrecisionBits - 1);

    private readonly RgbImage _image;
    private readonly ResampleAxis _columns;
    private readonly ResampleAxis _rows;
    private readonly int _rowBytes;
    private readonly int _stride;
    private readonly int _capacity;
    private readonly byte[] _narrow;
    private readonly byte[] _last;
    private readonly byte[] _flat;
    private int _first;
    private int _held;

    /// <summary>Resizes to <paramref name="side"/> x side, of which the centred <paramref name="window"/> x window counts.</summary>
    public PillowResizer(RgbImage image, int side, int window)
    {
        var offset = (side - window) / 2;
        _image = image;
        _columns = ResampleAxis.For(image.Width, side, offset, window);
        _rows = ResampleAxis.For(image.Height, side, offset, window);
        _rowBytes = window * Channels;

        // One byte more than the row: pixels are stored as four bytes.
        _stride = (_rowBytes + Lane) / Lane * Lane;

        // So many rows that moving those still needed to the front costs little beside making new ones.
        _capacity = 4 * _rows.Taps;
        _narrow = ArrayPool<byte>.Shared.Rent(_capacity * _stride);
        _flat = ArrayPool<byte>.Shared.Rent(_stride);

        // A tap group loads 16 bytes and may pass the end of the row, with weights of zero; only at the end of the image is there nothing to load.
        _last = ArrayPool<byte>.Shared.Rent((image.Width * Channels) + (_columns.Taps * Channels) + Vector128<byte>.Count);
    }

    /// <summary>Row <paramref name="y"/> of the window, [window, 3], valid until the next is asked for. Rows are asked for in their order, from any one on.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        var weights = _rows.Weights.Slice(y * _rows.Taps, _rows.Taps).TrimEnd(0);
        var begin = _rows.First[y];
        _first = _held == 0 ? begin : _first;
        while (_first + _held < begin + weights.Length)
        {
            if (_held == _capacity)
            {
                _held -= begin - _first;
                _narrow.AsSpan((begin - _first) * _stride, _held * _stride).CopyTo(_narrow);
                _first = begin;
            }

            NarrowRow(_first + _held, _narrow.AsSpan(_held * _stride, _stride));
            _held++;
        }

        FlattenRow(_narrow.AsSpan((begin - _first) * _stride), _stride, weights, _flat.AsSpan(0, _stride));
        return _flat.AsSpan(0, _rowBytes);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_narrow);
        ArrayPool<byte>.Shared.Return(_last);
        ArrayPool<byte>.Shared.Return(_flat);
    }

    /// <summary>Horizontal pass over row <paramref name="y"/> of the image.</summary>
    private void NarrowRow(int y, Span<byte> target)
    {
        var rowBytes = _image.Width * Channels;
        var source = _image.Pixels[(y * rowBytes)..];
        if (source.Length < rowBytes + (_columns.Taps * Channels) + Vector128<byte>.Count)
        {
            source[..rowBytes].CopyTo(_last);
            source = _last;
        }

        NarrowRow(source, _columns, target);
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

    /// <summary>Vertical pass: the weighted rows of <paramref name="source"/>, <paramref name="stride"/> bytes apart.</summary>
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
