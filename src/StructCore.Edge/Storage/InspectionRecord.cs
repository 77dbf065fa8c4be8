using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Storage;

/// <summary>The whole record of one inspection, as stored and as published on <c>results</c>.</summary>
/// <param name="FrameAgeMs">From the capture of the frame to the verdict, in milliseconds on the monotonic clock.</param>
/// <param name="Sequence">Grows by one with every record of this store; 0 until stored.</param>
/// <param name="Delivered">The verdict reached the broker before its deadline; a record without it goes out on <c>results</c> as late.</param>
/// <param name="PreviousHash">Hash of the record before it, lower-case hex; empty until stored, and where the record is older than the ledger.</param>
/// <param name="Hash">Its own, <see cref="LedgerHash"/>, as stored with it.</param>
public sealed record InspectionRecord(AcceptedTrigger Trigger, Verdict Verdict, string? FrameId, DateTimeOffset? CapturedAt, double? FrameAgeMs, long AgentEpoch, DateTimeOffset DecidedAt, long Sequence = 0, bool Delivered = false, string PreviousHash = "", string Hash = "");
