using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Payload of type <c>override</c>, signed by the trust role: leave to activate one version that anti-rollback, or an earlier withdrawal, would refuse.</summary>
internal sealed record OverrideDocument
{
    public DocumentType Type { get; init; } = DocumentType.Override;

    public required string Category { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Its last moment; days, not years.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who wanted it and why, for the record.</summary>
    public required string Reason { get; init; }
}
