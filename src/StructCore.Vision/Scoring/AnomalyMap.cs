using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace StructCore.Vision.Scoring;

/// <summary>The pixel-level anomaly map S of SPEC 7: [height, width] on the backbone's input, squared distances, not normalised.</summary>
/// <remarks>Immutable by contract and owner of its memory; safe to read from any thread.</remarks>
public sealed class AnomalyMap
{
    private static readonly ConcurrentDictionary<(int Side, int Grid), MapOperator> Operators = new();

    private readonly float[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>, [height, width].</summary>
    public AnomalyMap(int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != height * width)
        {
            throw new ArgumentException($"A map of {height} x {width} needs {height * width} values, got {values.Length}.", nameof(values));
        }

        (Height, Width, _values) = (height, width, values);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All values, [height, width].</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>S = A·s·Aᵀ: bilinear upsampling and Gaussian blur in one.</summary>
    /// <param name="scores">s, [gridHeight, gridWidth].</param>
    /// <param name="side">H = W of the map, 392 or 224; at least 17, the blur's radius plus one.</param>
    public static AnomalyMap From(PatchScores scores, int side)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (gridHeight, gridWidth) = (scores.GridHeight, scores.GridWidth);
        var rows = Operators.GetOrAdd((side, gridHeight), key => new MapOperator(key.Side, key.Grid));
        var columns = Operators.GetOrAdd((side, gridWidth), key => new MapOperator(key.Side, key.Grid));
        var widened = ArrayPool<float>.Shared.Rent(gridHeight * side);
        try
        {
            // First s·Aᵀ [gridHeight, side], then A·(s·Aᵀ): both as sums of whole rows, which vectorise.
            var wide = widened.AsSpan(0, gridHeight * side);
            wide.Clear();
            for (var y = 0; y < gridHeight; y++)
            {
                for (var x = 0; x < gridWidth; x++)
                {
                    var target = wide.Slice(y * side, side);
                    TensorPrimitives.MultiplyAdd(columns.Column(x), scores.Values[(y * gridWidth) + x], target, target);
                }
            }

            var values = new float[side * side];
            for (var y = 0; y < side; y++)
            {
                var target = values.AsSpan(y * side, side);
                for (var g = rows.First(y); g <= rows.Last(y); g++)
                {
                    TensorPrimitives.MultiplyAdd(wide.Slice(g * side, side), rows[y, g], target, target);
                }
            }

            return new AnomalyMap(side, side, values);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(widened);
        }
    }
}
