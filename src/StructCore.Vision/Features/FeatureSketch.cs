using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace StructCore.Vision.Features;

/// <summary>
/// 32 numbers by which patch features can be compared that lie on different machines (Johnson and Lindenstrauss):
/// q_j = 1/sqrt(P·D) · sum over patch r and dimension c of s_j(r, c)·z(r, c), s_j(r, c) = ±1 at random, and the root mean square of z.
/// The squared difference of two q_j is, on average, the mean squared difference of the features.
/// </summary>
/// <remarks>Immutable and thread-safe. The same features give the same q on every machine, to the last bit.</remarks>
public sealed class FeatureSketch
{
    /// <summary>Numbers in a sketch; their mean square is known to about 1/sqrt(2·32), one eighth.</summary>
    public const int Size = 32;

    /// <summary>Seed of the signs.</summary>
    public const ulong Seed = 44;

    private const int Lanes = 8;
    private const uint SignBit = 1u << 31;

    private readonly float[] _values;

    /// <summary>A sketch that was taken before, elsewhere.</summary>
    /// <param name="values">q, [32]; copied.</param>
    /// <param name="rootMeanSquare">Root mean square of the features.</param>
    /// <exception cref="ArgumentException">Not 32 values.</exception>
    public FeatureSketch(IEnumerable<float> values, float rootMeanSquare)
    {
        (_values, RootMeanSquare) = ([.. values], rootMeanSquare);
        if (_values.Length != Size)
        {
            throw new ArgumentException($"A sketch of features has {Size} values, got {_values.Length}.", nameof(values));
        }
    }

    /// <summary>q, [32], in the features' unit.</summary>
    public IReadOnlyList<float> Values => _values;

    /// <summary>Root mean square of the features, 0 or more; not finite where a feature is not.</summary>
    public float RootMeanSquare { get; }

    /// <summary>s_j of element <paramref name="index"/> = r·D + c: +1 where bit j of the SplitMix64 draw of that index is 0, else -1.</summary>
    /// <param name="j">0 to 31.</param>
    /// <param name="index">0 or more.</param>
    public static int Sign(int j, long index) => 1 - (2 * (int)((SplitMix64.At(Seed, index) >> j) & 1));

    /// <summary>Takes the sketch of some features.</summary>
    public static FeatureSketch Of(PatchFeatures features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var (sums, squares, draws) = (new double[Size], 0d, new SplitMix64(Seed));
        for (var row = 0; row < features.Rows; row++)
        {
            AddRow(features.Row(row), ref draws, sums);
            squares += TensorPrimitives.SumOfSquares(features.Row(row));
        }

        var scale = Math.Sqrt(features.Values.Length);
        return new FeatureSketch(sums.Select(s => (float)(s / scale)), (float)(Math.Sqrt(squares) / scale));
    }

    /// <summary>Estimates the root mean square of the features' difference, relative to that of the expected ones: sqrt(mean over j of (q_j - q'_j)²) / rms.</summary>
    /// <returns>0 for equal sketches; 1.4 or so for features that have nothing to do with each other; not a number where one of them is none.</returns>
    public static double Distance(FeatureSketch expected, FeatureSketch actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        var distance = TensorPrimitives.Distance<float>(expected._values, actual._values);

        // Blank features have no scale, and may still be equal.
        return distance == 0 ? 0 : distance / Math.Sqrt(Size) / expected.RootMeanSquare;
    }

    // A row is summed in float32, lane by lane in the same order everywhere, the rows in float64.
    private static void AddRow(ReadOnlySpan<float> row, ref SplitMix64 draws, double[] sums)
    {
        // Lane j of vector v holds q of 8·v + j.
        var (bit0, bit1, bit2, bit3) = (BitsFrom(0), BitsFrom(1), BitsFrom(2), BitsFrom(3));
        Vector256<float> q0 = default, q1 = default, q2 = default, q3 = default;
        foreach (var value in row)
        {
            var bits = Vector256.Create((uint)draws.Next());
            var z = Vector256.Create(BitConverter.SingleToUInt32Bits(value));
            q0 += Signed(z, bits, bit0);
            q1 += Signed(z, bits, bit1);
            q2 += Signed(z, bits, bit2);
            q3 += Signed(z, bits, bit3);
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            sums[lane] += q0[lane];
            sums[Lanes + lane] += q1[lane];
            sums[(2 * Lanes) + lane] += q2[lane];
            sums[(3 * Lanes) + lane] += q3[lane];
        }
    }

    private static Vector256<uint> BitsFrom(int vector) => Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128) << (vector * Lanes);

    private static Vector256<float> Signed(Vector256<uint> z, Vector256<uint> bits, Vector256<uint> bit) =>
        (z ^ (Vector256.Equals(bits & bit, bit) & Vector256.Create(SignBit))).AsSingle();
}
