using System.Collections.Frozen;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>The keys a station trusts at present. Immutable: a newer trust document gives a new one.</summary>
internal sealed class Trust
{
    private readonly FrozenDictionary<string, PublicKey> _keys;

    private Trust(SignedDocument document, TrustDocument content)
    {
        (Document, Content) = (document, content);
        _keys = content.Keys.ToFrozenDictionary(k => k.Id, k => new PublicKey(k.PublicKey));
        Require(document, TrustRole.Trust, content.Created);
    }

    /// <summary>The trust document it rests on.</summary>
    public SignedDocument Document { get; }

    public TrustDocument Content { get; }

    public int Version => Content.Version;

    /// <summary>
    /// Begins with a trust document that came by hand, or that this station kept. It must be signed by its own holders; it may be past its time,
    /// since a newer one can follow: only <see cref="Verify"/> asks for the time.
    /// </summary>
    /// <exception cref="UpdateRefusedException">Not a trust document, or not signed by its own holders.</exception>
    public static Trust Open(SignedDocument first) => new(first, TrustDocument.Read(first));

    /// <summary>
    /// Takes the next trust document: signed by the holders of this one and by its own. The keys must have been valid when it was created, not now,
    /// so that a station that was away for long can follow.
    /// </summary>
    /// <exception cref="UpdateRefusedException">It does not follow, or lacks signatures.</exception>
    public Trust Advance(SignedDocument next)
    {
        var content = TrustDocument.Read(next);
        if (content.Version != Version + 1 || content.Created < Content.Created)
        {
            throw new UpdateRefusedException(
                UpdateRefusal.TrustOutOfOrder,
                $"trust document {content.Version} of {Validity.Text(content.Created)} does not follow {Version} of {Validity.Text(Content.Created)}. Publish the whole chain of trust documents.");
        }

        Require(next, TrustRole.Trust, content.Created);
        DocumentJson.Require(!Content.Revoked.Except(content.Revoked, StringComparer.Ordinal).Any(), $"trust document {content.Version}", "it leaves out a key that was revoked before.");
        return new Trust(next, content);
    }

    /// <summary>Who signed a document, where these are enough for the role.</summary>
    /// <returns>Ids of the keys whose signatures count, each once. What does not count beside them does no harm.</returns>
    /// <exception cref="UpdateRefusedException">They are not enough, or this trust is past its time.</exception>
    public IReadOnlyList<string> Verify(SignedDocument document, TrustRole role, DateTimeOffset now) => now <= Content.Expires
        ? Require(document, role, now)
        : throw new UpdateRefusedException(UpdateRefusal.TrustExpired, $"trust document {Version} expired at {Validity.Text(Content.Expires)}; it is {Validity.Text(now)}. Publish a newer one: structcore trust update.");

    private string[] Require(SignedDocument document, TrustRole role, DateTimeOffset time)
    {
        var holders = Content.Holders(role);
        var found = document.Signatures.Select(s => (s.KeyId, Fault: FaultOf(document, s, holders, time))).ToArray();
        string[] counted = [.. found.Where(f => f.Fault is null).Select(f => f.KeyId).Distinct(StringComparer.Ordinal)];
        if (counted.Length >= holders.Threshold)
        {
            return counted;
        }

        // What comes closest to a good signature tells most.
        UpdateRefusal? telling = new UpdateRefusal?[] { UpdateRefusal.BadSignature, UpdateRefusal.RevokedKey, UpdateRefusal.Expired }.FirstOrDefault(r => found.Any(f => f.Fault == r));
        var signatures = string.Join(", ", found.Select(f => $"{f.KeyId} {(f.Fault is { } fault ? UpdateRefusedException.Code(fault) : "good")}"));
        throw new UpdateRefusedException(
            telling ?? (counted.Length > 0 ? UpdateRefusal.TooFewSignatures : UpdateRefusal.WrongKey),
            $"document {document.Sha256[..12]} has {counted.Length} of the {holders.Threshold} signatures that trust document {Version} asks for from the {role.ToString().ToLowerInvariant()} role ({signatures}). Have it signed by {string.Join(" or ", holders.KeyIds)}.");
    }

    private UpdateRefusal? FaultOf(SignedDocument document, DocumentSignature signature, RoleKeys holders, DateTimeOffset time)
    {
        var id = signature.KeyId;
        if (Content.Revoked.Contains(id))
        {
            return UpdateRefusal.RevokedKey;
        }

        if (!holders.KeyIds.Contains(id))
        {
            return UpdateRefusal.WrongKey;
        }

        if (!_keys[id].Verifies(document.Payload, signature.Signature))
        {
            return UpdateRefusal.BadSignature;
        }

        var key = Content.Keys.Single(k => k.Id == id);
        return Validity.HasBegun(key.ValidFrom, time) && time <= key.ValidUntil ? null : UpdateRefusal.Expired;
    }
}
