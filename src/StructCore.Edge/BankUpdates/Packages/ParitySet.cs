namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The images of <c>parity.u1</c>, [images, side, side, 3] bytes as the backbone's crop has them, in order, and how closely this machine must agree.</summary>
/// <param name="Side">Height and width of the crop.</param>
/// <param name="FeatureTolerance">Largest distance of the sketches, relative to the features' root mean square.</param>
/// <param name="ScoreTolerance">Largest difference of a score, relative to the threshold. Only within it may the verdict differ.</param>
internal sealed record ParitySet(int Side, double FeatureTolerance, double ScoreTolerance, IReadOnlyList<ParityCase> Cases);
