using System.Numerics.Tensors;

namespace StructCore.Vision.Scoring;

/// <summary>What the image-level score needs of an anomaly map (SPEC 8), without the map.</summary>
/// <param name="Maximum">S_base, the largest value of the map.</param>
/// <param name="Structure">phi of the map.</param>
public readonly record struct MapSummary(float Maximum, StructuralDescriptor Structure)
{
    /// <summary>Sums up the map that <paramref name="scores"/> give. A score that is not a number gives a summary that is not a number.</summary>
    /// <param name="scores">s, [gridHeight, gridWidth].</param>
    /// <param name="side">H = W of the map, 392 or 224; at least 17, the blur's radius plus one.</param>
    public static MapSummary Of(PatchScores scores, int side)
    {
        var map = AnomalyMap.From(scores, side);
        return new(TensorPrimitives.Max(map.Values), StructuralDescriptor.Of(map));
    }
}
