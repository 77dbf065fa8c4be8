using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Payload of type <c>bank</c>: a version of a bank, everything it consists of, and what a station must find before it decides with it.</summary>
internal sealed record ReleaseManifest
{
    public DocumentType Type { get; init; } = DocumentType.Bank;

    /// <summary><c>CATEGORY-vVERSION</c>.</summary>
    public required string Id { get; init; }

    public required string Category { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Not to be activated after it; an active bank goes on.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Oldest agent that may use it, <c>1.2.0</c>.</summary>
    public required string MinimumAgent { get; init; }

    public required ReleaseBackbone Backbone { get; init; }

    /// <summary>Every entry of the package but the release itself and its signatures.</summary>
    public required IReadOnlyList<ReleaseFile> Files { get; init; }

    public required ParitySet Parity { get; init; }
}
