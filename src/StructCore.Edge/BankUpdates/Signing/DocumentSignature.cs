namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>One signature: ECDSA over P-256 with SHA-256, DER as OpenSSL writes it, of the payload's exact bytes.</summary>
/// <param name="KeyId">Of the key that made it.</param>
internal sealed record DocumentSignature(string KeyId, byte[] Signature)
{
    private const int MostSignatures = 16;
    private const int LongestSignature = 72;

    /// <exception cref="UpdateRefusedException">None, too many, or one that cannot be a signature.</exception>
    public static void Require(IReadOnlyList<DocumentSignature> signatures, string subject)
    {
        DocumentJson.Require(signatures.Count is > 0 and <= MostSignatures, subject, $"it has {signatures.Count} signatures, 1 to {MostSignatures} are expected.");
        DocumentJson.Require(
            signatures.All(s => s is not null && PublicKey.IsId(s.KeyId) && s.Signature.Length is > 0 and <= LongestSignature), subject,
            $"every signature has a 'key_id' of {PublicKey.IdLength} lower-case hex digits and a 'signature' of at most {LongestSignature} bytes in base64.");
    }
}
