using System.Numerics.Tensors;

namespace StructCore.Vision.ZeroShot;

/// <summary>LNAMD (SPEC 10): tokens averaged over r x r neighbourhoods, zero padded, the divisor always r·r, then of unit length.</summary>
internal static class Neighbourhoods
{
    private const float SmallestNorm = 1e-12f;

    /// <param name="tokens">[height·width, channels], row-major on the grid.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="degree">r, odd.</param>
    /// <param name="scratch">As large as <paramref name="tokens"/>.</param>
    /// <param name="result">Where they go, as large as <paramref name="tokens"/>.</param>
    public static void Aggregate(ReadOnlySpan<float> tokens, int height, int width, int degree, Span<float> scratch, Span<float> result)
    {
        var channels = tokens.Length / (height * width);
        if (degree == 1)
        {
            tokens.CopyTo(result);
        }
        else
        {
            // The box is separable: along the rows, then across them.
            BoxSum(tokens, height * width, channels, width, degree / 2, scratch);
            BoxSum(scratch, height, width * channels, height, degree / 2, result);
            TensorPrimitives.Multiply(result, 1f / (degree * degree), result);
        }

        for (var patch = 0; patch < height * width; patch++)
        {
            var row = result.Slice(patch * channels, channels);
            TensorPrimitives.Divide(row, Math.Max(TensorPrimitives.Norm<float>(row), SmallestNorm), row);
        }
    }

    /// <summary>Each of <paramref name="count"/> items becomes the sum of the items up to <paramref name="reach"/> before and after it in its run of <paramref name="run"/>.</summary>
    private static void BoxSum(ReadOnlySpan<float> items, int count, int size, int run, int reach, Span<float> sums)
    {
        for (var i = 0; i < count; i++)
        {
            var (at, begin) = (i % run, i - (i % run));
            var sum = sums.Slice(i * size, size);
            sum.Clear();
            for (var near = Math.Max(0, at - reach); near <= Math.Min(run - 1, at + reach); near++)
            {
                TensorPrimitives.Add(sum, items.Slice((begin + near) * size, size), sum);
            }
        }
    }
}
