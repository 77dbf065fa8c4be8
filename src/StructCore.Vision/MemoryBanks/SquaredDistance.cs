using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The squared L2 distance of two rows, as a sum of squared differences.</summary>
internal static class SquaredDistance
{
    /// <summary>Of two rows of the same width.</summary>
    public static float Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);

        // Four sums, so that additions overlap.
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint d = 0;
        for (; d + 32 <= (nuint)a.Length; d += 32)
        {
            s0 = Add(Vector256.LoadUnsafe(ref first, d), Vector256.LoadUnsafe(ref second, d), s0);
            s1 = Add(Vector256.LoadUnsafe(ref first, d + 8), Vector256.LoadUnsafe(ref second, d + 8), s1);
            s2 = Add(Vector256.LoadUnsafe(ref first, d + 16), Vector256.LoadUnsafe(ref second, d + 16), s2);
            s3 = Add(Vector256.LoadUnsafe(ref first, d + 24), Vector256.LoadUnsafe(ref second, d + 24), s3);
        }

        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; d < (nuint)a.Length; d++)
        {
            var difference = a[(int)d] - b[(int)d];
            sum += difference * difference;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Add(Vector256<float> a, Vector256<float> b, Vector256<float> sum)
    {
        var difference = a - b;
        return Vector256.MultiplyAddEstimate(difference, difference, sum);
    }
}
