using System.Text.Json.Serialization;

namespace StructCore.Edge.Storage;

/// <summary>What is wrong at a place of the ledger.</summary>
internal enum LedgerBreakKind
{
    /// <summary>The record no longer gives the hash that was stored with it: it was changed, or stands under another number.</summary>
    [JsonStringEnumMemberName(nameof(Changed))]
    Changed,

    /// <summary>Records are missing: they were removed, or stand under other numbers.</summary>
    [JsonStringEnumMemberName(nameof(Missing))]
    Missing,

    /// <summary>The record does not carry the hash of the one before it: one of the two was put there, or written anew.</summary>
    [JsonStringEnumMemberName(nameof(NotLinked))]
    NotLinked,

    /// <summary>The record stands where none may be: before the ledger's beginning, or behind its newest record.</summary>
    [JsonStringEnumMemberName(nameof(Extra))]
    Extra,

    /// <summary>The newest record has another hash than the ledger's head.</summary>
    [JsonStringEnumMemberName(nameof(Head))]
    Head,
}
