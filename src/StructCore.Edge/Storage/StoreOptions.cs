using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Storage;

/// <summary><c>Store</c> in the configuration.</summary>
internal sealed class StoreOptions
{
    /// <summary>The database file; its folder must be writable.</summary>
    [Required]
    public string Path { get; set; } = "data/structcore.db";

    /// <summary>Free space that must be left where store and evidence lie, 1 to 1000000: below it the oldest evidence is deleted, and when that does not help, no trigger is accepted.</summary>
    [Range(1, 1_000_000)]
    public int MinFreeMegabytes { get; set; } = 500;
}
