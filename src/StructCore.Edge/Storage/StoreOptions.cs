using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Storage;

/// <summary><c>Store</c> in the configuration.</summary>
internal sealed class StoreOptions
{
    /// <summary>The database file; its folder must be writable.</summary>
    [Required]
    public string Path { get; set; } = "data/structcore.db";

    /// <summary>Older records are removed, 2 to 3650; longer than any broker keeps a session, so that a trigger it sends again is known.</summary>
    [Range(2, 3650)]
    public int MaxAgeDays { get; set; } = 365;

    /// <summary>The oldest records are removed where the file takes more, 100 to 1000000; none that a broker may still ask for.</summary>
    [Range(100, 1_000_000)]
    public int MaxMegabytes { get; set; } = 4000;

    /// <summary>Free space that must be left where store and evidence lie, 1 to 1000000: below it the oldest evidence is deleted, and when that does not help, no trigger is accepted.</summary>
    [Range(1, 1_000_000)]
    public int MinFreeMegabytes { get; set; } = 500;
}
