using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Storage;

/// <summary><c>Store</c> in the configuration.</summary>
internal sealed class StoreOptions
{
    /// <summary>The database file; its folder must be writable.</summary>
    [Required]
    public string Path { get; set; } = "data/structcore.db";
}
