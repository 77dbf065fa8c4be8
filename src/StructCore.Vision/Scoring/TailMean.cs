using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.Scoring;

/// <summary>Mean of the largest values without sorting: a sample tells most of them apart, and two histograms over the bits of the rest find the exact place of the cut.</summary>
internal static class TailMean
{
    private const int Bins = 1 << 16;
    private const int Samples = 512;
    private const int Margin = 8;

    /// <summary>Mean of the <paramref name="count"/> largest of <paramref name="values"/>; not a number where one of them is none.</summary>
    public static float Of(ReadOnlySpan<float> values, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, values.Length);
        if (float.IsNaN(TensorPrimitives.Max(values)))
        {
            return float.NaN;
        }

        var histogram = ArrayPool<int>.Shared.Rent(Bins);
        var candidates = ArrayPool<float>.Shared.Rent(values.Length);
        try
        {
            return Of(Candidates(values, count, candidates), count, histogram.AsSpan(0, Bins));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(candidates);
            ArrayPool<int>.Shared.Return(histogram);
        }
    }

    /// <summary>The values from a level that a sample puts somewhat below the cut, in <paramref name="room"/>; all of them where the level turns out too high.</summary>
    private static ReadOnlySpan<float> Candidates(ReadOnlySpan<float> values, int count, Span<float> room)
    {
        Span<float> sample = stackalloc float[Samples];
        var step = values.Length / Samples;
        if (step == 0)
        {
            return values;
        }

        for (var i = 0; i < Samples; i++)
        {
            sample[i] = values[i * step];
        }

        sample.Sort();
        var rank = (int)((long)count * Samples / values.Length);
        var level = sample[Math.Max(0, Samples - 1 - (2 * rank) - Margin)];
        var found = 0;
        var at = 0;
        for (; at + Vector256<float>.Count <= values.Length; at += Vector256<float>.Count)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.Create(values[at..]), Vector256.Create(level)).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                room[found++] = values[at + BitOperations.TrailingZeroCount(reached)];
            }
        }

        for (; at < values.Length; at++)
        {
            if (values[at] >= level)
            {
                room[found++] = values[at];
            }
        }

        return found >= count ? room[..found] : values;
    }

    private static float Of(ReadOnlySpan<float> values, int count, Span<int> histogram)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        histogram.Clear();
        foreach (var value in bits)
        {
            histogram[(int)(Key(value) >> 16)]++;
        }

        // The upper half of the key that the smallest of the largest has, then its lower half.
        var (upper, above) = Cut(histogram, count);
        histogram.Clear();
        foreach (var value in bits)
        {
            if (Key(value) >> 16 == upper)
            {
                histogram[(int)(Key(value) & 0xFFFF)]++;
            }
        }

        var (lower, _) = Cut(histogram, count - above);
        var cut = (upper << 16) | lower;
        var (sum, larger) = (0d, 0);
        foreach (var value in bits)
        {
            if (Key(value) > cut)
            {
                sum += BitConverter.UInt32BitsToSingle(value);
                larger++;
            }
        }

        return (float)((sum + ((count - larger) * (double)FromKey(cut))) / count);
    }

    /// <summary>The highest bin at which at least <paramref name="count"/> values are reached from above, and how many lie above it.</summary>
    private static (uint Bin, int Above) Cut(ReadOnlySpan<int> histogram, int count)
    {
        var (bin, above) = (histogram.Length - 1, 0);
        while (above + histogram[bin] < count)
        {
            above += histogram[bin--];
        }

        return ((uint)bin, above);
    }

    /// <summary>Orders as the float does: flips all bits of negatives, the sign of the others.</summary>
    private static uint Key(uint bits) => (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;

    private static float FromKey(uint key) => BitConverter.UInt32BitsToSingle((key & 0x8000_0000) != 0 ? key & 0x7FFF_FFFF : ~key);
}
