namespace StructCore.Edge.Verdicts;

/// <summary>Which bank file decided.</summary>
public sealed record BankIdentity(string Id, int Version, string Sha256);
