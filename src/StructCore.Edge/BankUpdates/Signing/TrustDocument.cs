namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>Payload of type <c>trust</c>: the keys a station trusts, and for what. The next version is signed by the holders of this one and by its own.</summary>
internal sealed record TrustDocument
{
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
}
