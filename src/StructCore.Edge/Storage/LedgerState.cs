namespace StructCore.Edge.Storage;

/// <summary>Between what the chain of records must lie: what retention removed before it, and its newest record.</summary>
/// <param name="AfterSequence">Records up to this number are gone by retention, or older than the ledger; 0 where none are.</param>
/// <param name="AfterHash">The hash that the first kept record must carry as <see cref="InspectionRecord.PreviousHash"/>.</param>
/// <param name="LastSequence">Number of the newest record.</param>
/// <param name="LastHash">Hash of the newest record.</param>
public sealed record LedgerState(long AfterSequence, string AfterHash, long LastSequence, string LastHash);
