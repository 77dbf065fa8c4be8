using StructCore.Edge.Storage;

namespace StructCore.Edge.Verdicts;

/// <summary>Body of <c>results</c>: the verdict and everything else the record holds.</summary>
internal sealed record ResultBody(InspectionRecord Record, bool Late) : VerdictBody(Record)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public InspectionRecord Record { get; } = Record;

    public string? Recipe => Record.Trigger.Recipe;

    public string? Camera => Record.Trigger.Camera;

    public string? FrameId => Record.FrameId;

    public DateTimeOffset ReceivedAt => Record.Trigger.ReceivedAt;

    public DateTimeOffset DecidedAt => Record.DecidedAt;

    /// <summary>Absent in a record that is older than the ledger.</summary>
    public string? PreviousHash => Record.PreviousHash.Length > 0 ? Record.PreviousHash : null;

    /// <summary>For whoever keeps the results elsewhere: a ledger that was written anew has other hashes.</summary>
    public string? Hash => Record.Hash.Length > 0 ? Record.Hash : null;
}
