using System.Numerics.Tensors;

namespace StructCore.Vision.Features;

/// <summary>
/// Achlioptas' sparse random projection W [inputWidth, outputWidth] (SPEC 3): each element is +s, -s or 0 with
/// probability 1/6, 1/6, 2/3, where s = sqrt(3 / outputWidth), so that E||x·W||² = ||x||².
/// </summary>
/// <remarks>Immutable and thread-safe. The same widths and seed give the same W on every machine.</remarks>
public sealed class RandomProjection
{
    private readonly float[] _weights;

    /// <summary>Draws W.</summary>
    /// <param name="inputWidth">Values per row before the projection, 1 or more.</param>
    /// <param name="outputWidth">Values per row after it, 1 or more.</param>
    /// <param name="seed">42 for the features (SPEC 3), 43 for the coreset's proxy (SPEC 4).</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is not positive.</exception>
    public RandomProjection(int inputWidth, int outputWidth, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputWidth);
        (InputWidth, OutputWidth, Seed) = (inputWidth, outputWidth, seed);
        _weights = new float[checked(inputWidth * outputWidth)];
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = Scale * Sign(seed, i);
        }
    }

    /// <summary>Values per row before the projection.</summary>
    public int InputWidth { get; }

    /// <summary>Values per row after the projection, D.</summary>
    public int OutputWidth { get; }

    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; }

    /// <summary>s = sqrt(3 / outputWidth), rounded to float32 once.</summary>
    public float Scale => (float)Math.Sqrt(3.0 / OutputWidth);

    /// <summary>W, [inputWidth, outputWidth], row-major.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Sign of element <paramref name="index"/> (row-major) of the projection with this seed: +1, -1 or 0, whatever its widths.</summary>
    public static sbyte Sign(ulong seed, long index) => (SplitMix64.At(seed, index) % 6) switch
    {
        0 => 1,
        1 => -1,
        _ => 0,
    };

    /// <summary>Z = X·W.</summary>
    /// <param name="rows">X, [count, inputWidth].</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="projected">Z, [count, outputWidth]; overwritten.</param>
    /// <exception cref="ArgumentException">A span does not hold exactly <paramref name="count"/> rows.</exception>
    public void Project(ReadOnlySpan<float> rows, int count, Span<float> projected)
    {
        if (rows.Length != (long)count * InputWidth || projected.Length != (long)count * OutputWidth)
        {
            throw new ArgumentException($"A projection of {count} rows takes {(long)count * InputWidth} values to {(long)count * OutputWidth}, got spans of {rows.Length} and {projected.Length}.");
        }

        projected.Clear();
        for (var r = 0; r < count; r++)
        {
            var target = projected.Slice(r * OutputWidth, OutputWidth);
            for (var i = 0; i < InputWidth; i++)
            {
                TensorPrimitives.MultiplyAdd(_weights.AsSpan(i * OutputWidth, OutputWidth), rows[(r * InputWidth) + i], target, target);
            }
        }
    }
}
