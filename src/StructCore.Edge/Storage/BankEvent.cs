namespace StructCore.Edge.Storage;

/// <summary>One line of a station's bank history.</summary>
/// <param name="Id">Grows by one; 0 until stored.</param>
/// <param name="Version">Of the bank, the calibration or the trust document, as <paramref name="Kind"/> says.</param>
/// <param name="Reason">Code and text; null where nothing is to be said.</param>
/// <param name="SignedBy">Ids of the keys; empty where nothing signed was at hand.</param>
/// <param name="DocumentSha256">Of the signed bytes; null where there were none.</param>
/// <param name="PackageSha256">Of the bank file; null where there is none.</param>
/// <param name="Gates">What parity, shadow and guard measured, as JSON; null where none ran.</param>
public sealed record BankEvent(long Id, DateTimeOffset At, string Station, string? Category, BankEventKind Kind, int Version, string? Reason, IReadOnlyList<string> SignedBy, string? DocumentSha256, string? PackageSha256, string? Gates)
{
    /// <summary>Lines of one kind that a station keeps: the newest.</summary>
    public const int Kept = 1000;
}
