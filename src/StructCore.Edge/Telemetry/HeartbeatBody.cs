namespace StructCore.Edge.Telemetry;

/// <summary>Body of <c>heartbeat</c>.</summary>
internal sealed record HeartbeatBody(long Counter, long AgentEpoch);
