using System.Security.Cryptography;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A P-256 key that signs.</summary>
internal sealed class SigningKey : IDisposable
{
    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    // What guessing a password costs: the iterations OWASP asks for.
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000);

    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        PublicKey = new PublicKey(key.ExportSubjectPublicKeyInfo());
    }

    public PublicKey PublicKey { get; }

    public string Id => PublicKey.Id;

    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a PKCS#8 PEM file.</summary>
    /// <param name="password">For a file that is encrypted; others are read without.</param>
    /// <exception cref="SigningKeyException">Not there, no P-256 private key, or encrypted with another password.</exception>
    public static SigningKey Load(string path, string? password = null)
    {
        var key = ECDsa.Create();
        try
        {
            var pem = KeyFile.Read(path);
            switch (pem[PemEncoding.Find(pem).Label])
            {
                case Plain:
                    key.ImportFromPem(pem);
                    break;
                case Encrypted when password is null:
                    throw new CryptographicException("It is encrypted. Name the file with its password: --password-file FILE.");
                case Encrypted:
                    key.ImportFromEncryptedPem(pem, password);
                    break;
                case var label:
                    throw new CryptographicException($"It holds a {label}, expected a {Plain}.");
            }

            return new SigningKey(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new SigningKeyException($"Private key '{path}' cannot be read: {e.Message} 'structcore keys create' makes one.", e);
        }
    }

    /// <summary>Writes the key as PKCS#8 PEM, for its owner's eyes only.</summary>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public void Save(string path, string? password = null) =>
        KeyFile.Write(path, (password is null ? _key.ExportPkcs8PrivateKeyPem() : _key.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption)) + "\n", secret: true);

    /// <summary>Signature of these bytes, DER.</summary>
    public byte[] Sign(ReadOnlySpan<byte> bytes) => _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
