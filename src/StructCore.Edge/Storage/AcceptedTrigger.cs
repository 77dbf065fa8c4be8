namespace StructCore.Edge.Storage;

/// <summary>A trigger the station has promised a verdict for. <paramref name="PlcEpoch"/> and <paramref name="TriggerId"/> are the JSON tokens as they came (<c>7</c> or <c>"a"</c>), echoed unchanged.</summary>
public sealed record AcceptedTrigger(string Station, string PlcEpoch, string TriggerId, string? PartId, string? Recipe, string? Camera, DateTimeOffset ReceivedAt, DateTimeOffset Deadline);
