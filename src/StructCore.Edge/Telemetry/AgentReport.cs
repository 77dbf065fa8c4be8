namespace StructCore.Edge.Telemetry;

/// <summary>How the agent is at one moment.</summary>
/// <param name="OutboxSize">Records that wait for the broker's acknowledgement; null where the store cannot tell.</param>
internal sealed record AgentReport(string Version, long AgentEpoch, long? OutboxSize, IReadOnlyList<StationReport> Stations);
