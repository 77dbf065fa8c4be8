using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A document as bytes, and who signed these bytes. In JSON: <c>{"payload": BASE64, "signatures": [{"key_id", "signature": BASE64}]}</c>.</summary>
/// <param name="Payload">A JSON object whose <c>type</c> says what it is; signed as it stands, never written anew.</param>
internal sealed record SignedDocument(byte[] Payload, IReadOnlyList<DocumentSignature> Signatures)
{
    /// <summary>Largest payload that is taken; with its signatures it fits a packet of the station's connection.</summary>
    public const int MaxPayloadBytes = 1 << 16;

    /// <summary>Largest JSON that is taken: the payload in base64, and its signatures.</summary>
    public const int MaxJsonBytes = (MaxPayloadBytes / 3 * 4) + (1 << 13);

    private const string Subject = "the signed document";

    /// <summary>SHA-256 of the payload, lower-case hex.</summary>
    [JsonIgnore]
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Payload));

    /// <summary>Signs the JSON of <paramref name="content"/> with every key.</summary>
    public static SignedDocument Sign<T>(T content, params IReadOnlyList<SigningKey> keys) => Sign(DocumentJson.Write(content), keys);

    /// <summary>Signs these exact bytes with every key.</summary>
    public static SignedDocument Sign(byte[] payload, params IReadOnlyList<SigningKey> keys) =>
        new(payload, [.. keys.Select(k => new DocumentSignature(k.Id, k.Sign(payload)))]);

    /// <exception cref="UpdateRefusedException">Not a signed document. Whether its signatures are any good, <see cref="Trust"/> says.</exception>
    public static SignedDocument Parse(ReadOnlySpan<byte> json)
    {
        var document = DocumentJson.Parse<SignedDocument>(json, Subject, MaxJsonBytes);
        document.Require(Subject);
        return document;
    }

    public byte[] ToJson() => DocumentJson.Write(this);

    /// <summary>Checks the sizes of payload and signatures, wherever the document came from.</summary>
    /// <exception cref="UpdateRefusedException">They are out of range.</exception>
    public void Require(string subject)
    {
        DocumentJson.Require(Payload.Length is > 0 and <= MaxPayloadBytes, subject, $"its payload has {Payload.Length} bytes, 1 to {MaxPayloadBytes} are expected.");
        DocumentSignature.Require(Signatures, subject);
    }

    /// <summary>The payload, where it is of the expected type and has exactly the members of <typeparamref name="T"/>; what they say is not checked yet.</summary>
    /// <exception cref="UpdateRefusedException">It is not.</exception>
    public T Read<T>(DocumentType type)
    {
        var expected = JsonNamingPolicy.KebabCaseLower.ConvertName(type.ToString());
        var found = DocumentJson.TypeOf(Payload);
        DocumentJson.Require(found == expected, $"document {Sha256[..12]}", $"its type is '{found ?? "unknown"}', expected '{expected}'.");
        return DocumentJson.Parse<T>(Payload, $"the {expected} document", MaxPayloadBytes);
    }
}
