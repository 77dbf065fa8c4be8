namespace StructCore.Vision.Scoring;

/// <summary>The image-level score of SPEC 8, raw, in squared distances.</summary>
/// <param name="Base">S_base, the maximum of the map.</param>
/// <param name="Structural">D, the distance of the map's structure from that of normal maps.</param>
/// <param name="Hybrid">S_hyb = S_base + lambda·D; what a verdict compares with the threshold.</param>
public readonly record struct ImageScore(float Base, float Structural, float Hybrid);
