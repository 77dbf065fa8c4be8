using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>What a bank says of one image.</summary>
/// <param name="Patches">s of every patch, what the map is made of.</param>
/// <param name="MapSide">H = W of the map.</param>
/// <param name="Structure">phi of the map.</param>
/// <param name="Score">Image level; its base is the map's maximum.</param>
/// <param name="Rejected">Whether the hybrid score is above the threshold.</param>
public sealed record ScoredImage(PatchScores Patches, int MapSide, StructuralDescriptor Structure, ImageScore Score, bool Rejected)
{
    /// <summary>Share of good parts that score as high or higher, by the bank's calibration; null where that kept no normal scores.</summary>
    public double? PValue { get; init; }

    /// <summary>The pixel level, [mapSide, mapSide], made anew at each call, since most maps are never looked at; the caller disposes of it.</summary>
    public AnomalyMap DrawMap() => AnomalyMap.From(Patches, MapSide);
}
