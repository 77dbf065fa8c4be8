namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>One signature: ECDSA over P-256 with SHA-256, DER as OpenSSL writes it, of the payload's exact bytes.</summary>
/// <param name="KeyId">Of the key that made it.</param>
internal sealed record DocumentSignature(string KeyId, byte[] Signature);
