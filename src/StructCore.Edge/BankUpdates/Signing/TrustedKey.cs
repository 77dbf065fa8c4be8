namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A public key and the time in which it counts.</summary>
/// <param name="Id">The first 32 hex digits of the SHA-256 of <paramref name="PublicKey"/>.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER; P-256.</param>
internal sealed record TrustedKey(string Id, byte[] PublicKey, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil);
