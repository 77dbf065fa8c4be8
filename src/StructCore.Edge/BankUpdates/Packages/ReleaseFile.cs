namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>One entry of a package.</summary>
/// <param name="Sha256">Of its bytes, lower-case hex.</param>
internal sealed record ReleaseFile(string Name, long Bytes, string Sha256);
