namespace StructCore.Edge.Telemetry;

/// <summary>Body of <c>state</c>, immutable.</summary>
internal sealed record StateBody(OperatingState State, long AgentEpoch, DateTimeOffset Since, IReadOnlyList<Fault> Faults);
