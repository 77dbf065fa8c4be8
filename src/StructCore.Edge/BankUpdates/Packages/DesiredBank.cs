using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>
/// Body of <c>bank/{category}/desired</c>: the signed release, <c>{"payload", "signatures", "package": {"bytes", "sha256"}, "override"?}</c>. What the package is said to be
/// is not signed: it tells a transfer when it has everything. What counts is in the release.
/// </summary>
internal sealed record DesiredBank(SignedDocument Release, PackageFile Package, SignedDocument? Override = null)
{
    public const int MaxBytes = 2 * SignedDocument.MaxJsonBytes;

    private const string Subject = "the desired message";

    /// <exception cref="UpdateRefusedException">Not such a body. Nothing it says has been verified yet.</exception>
    public static DesiredBank Parse(ReadOnlySpan<byte> json)
    {
        var body = DocumentJson.Parse<Body>(json, Subject, MaxBytes);
        var release = new SignedDocument(body.Payload, body.Signatures);
        release.Require(Subject);
        body.Override?.Require(Subject);
        DocumentJson.Require(body.Package.Bytes > 0 && DocumentJson.IsSha256(body.Package.Sha256), Subject, "its 'package' has 'bytes' above 0 and a 'sha256' of 64 lower-case hex digits.");
        return new DesiredBank(release, body.Package, body.Override);
    }

    public byte[] ToJson() => DocumentJson.Write(new Body(Release.Payload, Release.Signatures, Package, Override));

    private sealed record Body(byte[] Payload, IReadOnlyList<DocumentSignature> Signatures, PackageFile Package, SignedDocument? Override = null);
}
