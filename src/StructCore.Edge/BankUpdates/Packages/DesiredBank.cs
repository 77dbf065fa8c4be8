using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>
/// Body of <c>bank/{category}/desired</c>: the signed release, <c>{"payload", "signatures", "package": {"bytes", "sha256"}, "override"?}</c>. What the package is said to be
/// is not signed: it tells a transfer when it has everything. What counts is in the release.
/// </summary>
internal sealed record DesiredBank(SignedDocument Release, PackageFile Package, SignedDocument? Override);
