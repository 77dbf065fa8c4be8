namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>What the machine that signed a bank made of one image of its parity set.</summary>
/// <param name="Features">Sketch of the patch features, by <c>FeatureSketch</c>.</param>
/// <param name="FeaturesRms">Root mean square of the features, which the sketch is compared relative to.</param>
/// <param name="Score">Hybrid score.</param>
/// <param name="Rejected">Its verdict.</param>
internal sealed record ParityCase(IReadOnlyList<float> Features, float FeaturesRms, float Score, bool Rejected);
