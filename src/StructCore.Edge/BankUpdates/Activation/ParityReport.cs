namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A parity set that was passed, image by image.</summary>
/// <param name="SlowestMs">Features and score of the slowest image.</param>
/// <param name="AllowedMs">What they may take here.</param>
internal sealed record ParityReport(IReadOnlyList<ParityImage> Images, double SlowestMs, double AllowedMs);
