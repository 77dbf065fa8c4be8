namespace StructCore.Edge.Storage;

/// <summary>A trigger the station has promised a verdict for. <paramref name="PlcEpoch"/> is the JSON token as it came (<c>7</c> or <c>"a"</c>), echoed unchanged.</summary>
public sealed record AcceptedTrigger(string Station, string PlcEpoch, string TriggerId, string? PartId, string? Recipe, string? Camera, DateTimeOffset ReceivedAt, DateTimeOffset Deadline);
