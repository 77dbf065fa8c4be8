using System.Buffers;

namespace StructCore.Vision.Scoring;

/// <summary>What the image-level score takes from an anomaly map (SPEC 8).</summary>
/// <param name="Maximum">S_base, the largest value of S.</param>
/// <param name="Structure">phi(S).</param>
public readonly record struct MapStatistics(float Maximum, StructuralDescriptor Structure)
{
    /// <summary>Share of the pixels the tail averages.</summary>
    private const double TailShare = 0.01;

    /// <summary>Of S = A·s·Aᵀ, row by row: the same as of <see cref="AnomalyMap.From"/>, without a map. A score that is not finite gives statistics that are no numbers.</summary>
    /// <param name="scores">s, [gridHeight, gridWidth].</param>
    /// <param name="side">H = W of the map, 392 or 224; at least 17, the blur's radius plus one.</param>
    public static MapStatistics Of(PatchScores scores, int side)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var rows = new MapRows(scores, side);
        using var sums = new MapSums(side, side, TailCount(side * side));
        var pair = ArrayPool<float>.Shared.Rent(2 * side);
        try
        {
            for (var y = 0; y < side; y++)
            {
                var row = pair.AsSpan((y & 1) * side, side);
                rows.Compute(y, row);
                sums.Add(row, y == 0 ? [] : pair.AsSpan((~y & 1) * side, side));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pair);
        }

        return sums.Statistics();
    }

    /// <summary>Of a whole map. A value that is not finite gives statistics that are no numbers.</summary>
    public static MapStatistics Of(AnomalyMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var sums = new MapSums(map.Height, map.Width, TailCount(map.Values.Length));
        for (var y = 0; y < map.Height; y++)
        {
            sums.Add(map.Row(y), y == 0 ? [] : map.Row(y - 1));
        }

        return sums.Statistics();
    }

    internal static int TailCount(int pixels) => Math.Max(1, (int)(pixels * TailShare));
}
