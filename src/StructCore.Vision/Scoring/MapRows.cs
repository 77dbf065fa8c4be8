using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StructCore.Vision.Scoring;

/// <summary>The rows of S = A·s·Aᵀ, each computed when asked for: bilinear upsampling and Gaussian blur in one.</summary>
/// <remarks>Its buffer comes from a pool. Several threads may compute rows at once.</remarks>
internal readonly struct MapRows : IDisposable
{
    private static readonly ConcurrentDictionary<(int Side, int Grid), MapOperator> Operators = new();

    private readonly int _side;
    private readonly MapOperator _rows;
    private readonly float[] _wide;

    /// <summary>Computes s·Aᵀ, [gridHeight, side].</summary>
    public MapRows(PatchScores scores, int side)
    {
        var (height, width) = (scores.GridHeight, scores.GridWidth);
        _side = side;
        _rows = Operator(side, height);
        var columns = Operator(side, width);
        _wide = ArrayPool<float>.Shared.Rent(height * side);
        _wide.AsSpan(0, height * side).Clear();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (begin, weights) = columns.Column(x);
                var target = _wide.AsSpan((y * side) + begin, weights.Length);
                TensorPrimitives.MultiplyAdd(weights, scores.Values[(y * width) + x], target, target);
            }
        }
    }

    /// <summary>Row <paramref name="y"/> of S into <paramref name="row"/>, [side].</summary>
    public void Compute(int y, Span<float> row)
    {
        var (begin, weights) = _rows.Row(y);
        var wide = _wide.AsSpan(begin * _side, weights.Length * _side);
        ref var first = ref MemoryMarshal.GetReference(wide);
        var x = 0;
        foreach (ref var target in MemoryMarshal.Cast<float, Vector<float>>(row))
        {
            var sum = Vector<float>.Zero;
            for (var g = 0; g < weights.Length; g++)
            {
                sum += Vector.LoadUnsafe(ref first, (nuint)((g * _side) + x)) * weights[g];
            }

            target = sum;
            x += Vector<float>.Count;
        }

        for (; x < row.Length; x++)
        {
            row[x] = 0;
            for (var g = 0; g < weights.Length; g++)
            {
                row[x] += wide[(g * _side) + x] * weights[g];
            }
        }
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_wide);

    private static MapOperator Operator(int side, int grid) => Operators.GetOrAdd((side, grid), key => new MapOperator(key.Side, key.Grid));
}
