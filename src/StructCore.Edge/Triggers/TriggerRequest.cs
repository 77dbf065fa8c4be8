namespace StructCore.Edge.Triggers;

/// <summary>What a PLC asks for. The two ids are the JSON tokens as they came (<c>7</c> or <c>"a"</c>), so that they are echoed unchanged.</summary>
internal sealed record TriggerRequest(string PlcEpoch, string TriggerId, string? PartId, string? Recipe, string? Camera, TimeSpan? Deadline);
