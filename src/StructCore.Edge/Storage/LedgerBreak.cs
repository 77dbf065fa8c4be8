namespace StructCore.Edge.Storage;

/// <summary>A place where the chain of records does not hold.</summary>
/// <param name="First">Sequence number of the first record concerned.</param>
/// <param name="Last">And of the last one.</param>
/// <param name="Text">What that means, as a sentence.</param>
internal sealed record LedgerBreak(LedgerBreakKind Kind, long First, long Last, string Text);
