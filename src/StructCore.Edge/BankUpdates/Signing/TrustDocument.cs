using System.Security.Cryptography;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>Payload of type <c>trust</c>: the keys a station trusts, and for what. The next version is signed by the holders of this one and by its own.</summary>
internal sealed record TrustDocument
{
    private const int MostKeys = 64;
    private const int MostRevoked = 1000;
    private const string Subject = "the trust document";

    public DocumentType Type { get; init; } = DocumentType.Trust;

    /// <summary>Grows by one with every change, from 1.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>After it no update is taken before a newer trust document is there.</summary>
    public required DateTimeOffset Expires { get; init; }

    public required IReadOnlyList<TrustedKey> Keys { get; init; }

    /// <summary>Ids of keys that must never count again, whatever <see cref="Keys"/> says.</summary>
    public required IReadOnlyList<string> Revoked { get; init; }

    public required RoleKeys Trust { get; init; }

    public required RoleKeys Bank { get; init; }

    /// <summary>Reads the payload and checks all but the signatures.</summary>
    /// <exception cref="UpdateRefusedException">Not a trust document that could ever count.</exception>
    public static TrustDocument Read(SignedDocument document)
    {
        var trust = document.Read<TrustDocument>(DocumentType.Trust);
        DocumentJson.Require(trust.Version > 0, Subject, $"its version is {trust.Version}, 1 or more is expected.");
        DocumentJson.Require(trust.Expires > trust.Created, Subject, "it expires before it was created.");
        DocumentJson.Require(trust.Keys.Count <= MostKeys && trust.Revoked.Count <= MostRevoked, Subject, $"at most {MostKeys} keys and {MostRevoked} revoked ones are expected.");
        DocumentJson.Require(trust.Revoked.All(id => id is not null && PublicKey.IsId(id)), Subject, "a revoked id is no key's id.");
        foreach (var key in trust.Keys)
        {
            DocumentJson.Require(key is not null && IdOf(key.PublicKey) == key.Id, Subject, $"the public key of '{key?.Id}' is no P-256 key of that id.");
            DocumentJson.Require(key!.ValidUntil > key.ValidFrom, Subject, $"key {key.Id} ends before it begins.");
        }

        DocumentJson.Require(trust.Keys.DistinctBy(k => k.Id).Count() == trust.Keys.Count, Subject, "a key is listed twice.");
        CheckRole(trust, trust.Trust, "trust");
        CheckRole(trust, trust.Bank, "bank");
        return trust;
    }

    public RoleKeys Holders(TrustRole role) => role == TrustRole.Trust ? Trust : Bank;

    private static void CheckRole(TrustDocument trust, RoleKeys role, string name)
    {
        DocumentJson.Require(role.KeyIds.All(id => trust.Keys.Any(k => k.Id == id)), Subject, $"the {name} role names a key that is not listed.");
        DocumentJson.Require(role.Threshold > 0 && role.Threshold <= role.KeyIds.Distinct(StringComparer.Ordinal).Count(), Subject, $"the {name} role asks for {role.Threshold} signatures of {role.KeyIds.Count} keys.");
    }

    private static string? IdOf(byte[] publicKey)
    {
        try
        {
            return new PublicKey(publicKey).Id;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
