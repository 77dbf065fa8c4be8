using StructCore.Edge.Drift;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Body of <c>bank/{category}/state</c>.</summary>
/// <param name="Active">Absent where no bank of the category decides.</param>
/// <param name="Candidate">What an update wants to put in its place.</param>
/// <param name="Previous">What a rollback goes back to.</param>
/// <param name="Drift">Whether accepted parts still look like its calibration images; absent where it cannot be told.</param>
internal sealed record BankStateBody(string Category, ActiveBank? Active, BankIdentity? Candidate, BankIdentity? Previous, bool OnProbation, DriftBody? Drift);
