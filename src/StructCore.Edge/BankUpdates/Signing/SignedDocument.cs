namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A document as bytes, and who signed these bytes. In JSON: <c>{"payload": BASE64, "signatures": [{"key_id", "signature": BASE64}]}</c>.</summary>
/// <param name="Payload">A JSON object whose <c>type</c> says what it is; signed as it stands, never written anew.</param>
internal sealed record SignedDocument(byte[] Payload, IReadOnlyList<DocumentSignature> Signatures);
