using System.Numerics.Tensors;

namespace StructCore.Vision.Scoring;

/// <summary>phi(S) of SPEC 8: the structure of an anomaly map, beside its maximum.</summary>
/// <param name="Dispersion">Population standard deviation of S.</param>
/// <param name="Tail">Mean of the largest hundredth of S.</param>
/// <param name="TotalVariation">Sum of the absolute forward differences in both directions over H·W.</param>
public readonly record struct StructuralDescriptor(float Dispersion, float Tail, float TotalVariation)
{
    /// <summary>Share of the pixels the tail averages.</summary>
    private const double TailShare = 0.01;

    /// <summary>Describes <paramref name="map"/>. A map with a value that is not a number gives a descriptor that is not a number.</summary>
    public static StructuralDescriptor Of(AnomalyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new StructuralDescriptor(StandardDeviation(map), TailMean.Of(map.Values, Math.Max(1, (int)(map.Values.Length * TailShare))), Variation(map));
    }

    private static float StandardDeviation(AnomalyMap map)
    {
        // Row by row into float64: a float32 sum over 150,000 pixels would lose the digits the calibration needs.
        var sum = 0d;
        for (var y = 0; y < map.Height; y++)
        {
            sum += TensorPrimitives.Sum(Row(map, y));
        }

        var mean = (float)(sum / map.Values.Length);
        var (squares, rest) = (0d, 0d);
        var centred = new float[map.Width];
        for (var y = 0; y < map.Height; y++)
        {
            TensorPrimitives.Subtract(Row(map, y), mean, centred);
            squares += TensorPrimitives.SumOfSquares<float>(centred);
            rest += TensorPrimitives.Sum<float>(centred);
        }

        var correction = rest / map.Values.Length;
        return (float)Math.Sqrt(Math.Max(0, (squares / map.Values.Length) - (correction * correction)));
    }

    private static float Variation(AnomalyMap map)
    {
        var (total, differences) = (0d, new float[map.Width]);
        for (var y = 0; y < map.Height; y++)
        {
            var row = Row(map, y);
            TensorPrimitives.Subtract(row[1..], row[..^1], differences);
            total += TensorPrimitives.SumOfMagnitudes<float>(differences.AsSpan(0, map.Width - 1));
            if (y + 1 < map.Height)
            {
                TensorPrimitives.Subtract(Row(map, y + 1), row, differences);
                total += TensorPrimitives.SumOfMagnitudes<float>(differences);
            }
        }

        return (float)(total / map.Values.Length);
    }

    private static ReadOnlySpan<float> Row(AnomalyMap map, int y) => map.Values.Slice(y * map.Width, map.Width);
}
