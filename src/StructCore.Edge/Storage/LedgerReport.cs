namespace StructCore.Edge.Storage;

/// <summary>What a walk along the ledger found.</summary>
/// <param name="Records">Records the ledger covers.</param>
/// <param name="Older">Records that were written before there was a ledger; nothing can be said of them.</param>
/// <param name="Begin">The ledger covers what comes behind this number: up to it records are older than the ledger or were removed by retention.</param>
/// <param name="Head">Number of the newest record; 0 where there is none.</param>
/// <param name="HeadHash">Its hash: to be compared with the copy that was sent out on <c>results</c>.</param>
/// <param name="Breaks">In order, the first ones of many.</param>
/// <param name="BreaksFound">How many there are in all.</param>
internal sealed record LedgerReport(long Records, long Older, long Begin, long Head, string HeadHash, IReadOnlyList<LedgerBreak> Breaks, long BreaksFound)
{
    public bool Intact => BreaksFound == 0;
}
