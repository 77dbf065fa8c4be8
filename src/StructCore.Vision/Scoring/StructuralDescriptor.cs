namespace StructCore.Vision.Scoring;

/// <summary>phi(S) of SPEC 8: the structure of an anomaly map, beside its maximum.</summary>
/// <param name="Dispersion">Population standard deviation of S.</param>
/// <param name="Tail">Mean of the largest hundredth of S.</param>
/// <param name="TotalVariation">Sum of the absolute forward differences in both directions over H·W.</param>
public readonly record struct StructuralDescriptor(float Dispersion, float Tail, float TotalVariation);
