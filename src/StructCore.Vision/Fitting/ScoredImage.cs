using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>What a bank says of one image.</summary>
/// <param name="Map">Pixel level, [mapSide, mapSide].</param>
/// <param name="Structure">phi of the map.</param>
/// <param name="Score">Image level.</param>
/// <param name="Rejected">Whether the hybrid score is above the threshold.</param>
public sealed record ScoredImage(AnomalyMap Map, StructuralDescriptor Structure, ImageScore Score, bool Rejected);
