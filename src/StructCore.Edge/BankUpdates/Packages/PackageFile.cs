namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The file of a package as a whole.</summary>
internal sealed record PackageFile(long Bytes, string Sha256);
