using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A good override, and whose.</summary>
/// <param name="Sha256">Of the signed bytes: one override lets its version through once.</param>
internal sealed record UsedOverride(OverrideDocument Document, IReadOnlyList<string> SignedBy, string Sha256);
