namespace StructCore.Edge.Simulation.Line;

/// <summary>What the PLC did with a part.</summary>
/// <param name="TriggerId">The trigger it sent for the part.</param>
/// <param name="PartId">The part's serial number.</param>
/// <param name="Accepted">The part went to the good bin. Everything in doubt does not.</param>
/// <param name="Reason">Why.</param>
/// <param name="Verdict">The verdict that came in time, if one did.</param>
/// <param name="Latency">From the trigger to the decision.</param>
internal sealed record PartOutcome(string TriggerId, string PartId, bool Accepted, string Reason, VerdictMessage? Verdict, TimeSpan Latency);
