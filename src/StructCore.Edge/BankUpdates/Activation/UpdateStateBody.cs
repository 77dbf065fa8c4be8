namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Body of <c>update/state</c>: one update, how far it is, and what was found on the way.</summary>
/// <param name="Category">Absent where it is about all.</param>
/// <param name="Since">When <paramref name="Stage"/> began.</param>
internal sealed record UpdateStateBody(UpdateKind Kind, string? Category, UpdateStage Stage, DateTimeOffset Since)
{
    /// <summary>Of the bank, or of the trust document.</summary>
    public int? Version { get; init; }

    /// <summary>Number of a calibration.</summary>
    public int? Calibration { get; init; }

    /// <summary>Of the stage, 0 to 1.</summary>
    public double? Progress { get; init; }

    /// <summary>Code and text.</summary>
    public string? Reason { get; init; }

    /// <summary>Ids of the keys that count.</summary>
    public IReadOnlyList<string>? SignedBy { get; init; }

    public string? DocumentSha256 { get; init; }

    public string? PackageSha256 { get; init; }

    public ParityReport? Parity { get; init; }

    public ShadowReport? Shadow { get; init; }

    public GuardReport? Guard { get; init; }
}
