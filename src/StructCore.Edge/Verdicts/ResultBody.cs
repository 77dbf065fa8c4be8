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
}
