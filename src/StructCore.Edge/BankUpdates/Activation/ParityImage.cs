namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What this machine made of one image of a parity set, beside what the machine that signed it did.</summary>
/// <param name="FeatureDistance">Of the sketches, relative to the features' root mean square.</param>
/// <param name="ScoreDistance">Of the scores, relative to the threshold.</param>
internal sealed record ParityImage(double FeatureDistance, double ScoreDistance, float Score, float ExpectedScore, bool Rejected, bool ExpectedRejected);
