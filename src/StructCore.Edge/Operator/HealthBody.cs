using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Operator;

/// <summary>What the health endpoints answer.</summary>
/// <param name="Status"><c>live</c>, <c>not_live</c>, <c>ready</c> or <c>not_ready</c>.</param>
internal sealed record HealthBody(string Status, string Version, long AgentEpoch, long? OutboxSize, IReadOnlyList<StationReport> Stations);
