using System.Security.Cryptography;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A P-256 key that verifies.</summary>
internal sealed class PublicKey
{
    /// <summary>Hex digits of an id.</summary>
    public const int IdLength = 32;

    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Label = "PUBLIC KEY";

    /// <exception cref="CryptographicException">Not a P-256 key, or one that is written in another than the usual way: it would have a second id.</exception>
    public PublicKey(byte[] subjectPublicKeyInfo)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value != P256 || !key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(subjectPublicKeyInfo))
        {
            throw new CryptographicException("It is no P-256 key.");
        }

        Bytes = subjectPublicKeyInfo;
        Id = Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo))[..IdLength];
    }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] Bytes { get; }

    /// <summary>The first half of the SHA-256 of <see cref="Bytes"/>, lower-case hex.</summary>
    public string Id { get; }

    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a file seems to hold a public key rather than a private one.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsIn(string path) => KeyFile.Read(path).Contains($"-----BEGIN {Label}-----", StringComparison.Ordinal);

    /// <summary>Reads the PEM file <c>keys create</c> writes beside the private key.</summary>
    /// <exception cref="SigningKeyException">Not there, or no P-256 public key.</exception>
    public static PublicKey Load(string path)
    {
        try
        {
            var pem = KeyFile.Read(path);
            var fields = PemEncoding.Find(pem);
            return pem[fields.Label] == Label
                ? new PublicKey(Convert.FromBase64String(pem[fields.Base64Data]))
                : throw new CryptographicException($"It holds a {pem[fields.Label]}, expected a {Label}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SigningKeyException($"Public key '{path}' cannot be read: {e.Message} 'structcore keys create' writes one as NAME{KeyFile.PublicExtension}.", e);
        }
    }

    public bool Verifies(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Bytes, out _);
        return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public string ToPem() => PemEncoding.WriteString(Label, Bytes) + "\n";
}
