using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StructCore.Vision.Scoring;

/// <summary>Mean of the largest values without sorting: two histograms over the bits of the floats find the exact place of the cut.</summary>
internal static class TailMean
{
    private const int Bins = 1 << 16;

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
        try
        {
            return Of(values, count, histogram.AsSpan(0, Bins));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(histogram);
        }
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
