using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Storage;

/// <summary>The whole record of one inspection, as stored and as published on <c>results</c>.</summary>
/// <param name="Sequence">Grows by one with every record of this store; 0 until stored.</param>
/// <param name="Delivered">The verdict reached the broker before its deadline; a record without it goes out on <c>results</c> as late.</param>
public sealed record InspectionRecord(AcceptedTrigger Trigger, Verdict Verdict, string? FrameId, DateTimeOffset? CapturedAt, long AgentEpoch, DateTimeOffset DecidedAt, long Sequence = 0, bool Delivered = false);
