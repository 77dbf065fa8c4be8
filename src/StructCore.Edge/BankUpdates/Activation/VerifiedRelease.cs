using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A release this station may take: signed by whom it trusts, in its time, for this category.</summary>
/// <param name="SignedBy">Ids of the keys that count.</param>
/// <param name="Override">What lets it through although it is no newer; null where nothing is needed.</param>
internal sealed record VerifiedRelease(ReleaseManifest Manifest, DesiredBank Desired, IReadOnlyList<string> SignedBy, UsedOverride? Override)
{
    /// <summary>The bank as it will be: the SHA-256 is what the message says of the package, and checked once it is there.</summary>
    public BankIdentity Bank => new(Manifest.Id, Manifest.Version, Desired.Package.Sha256);
}
