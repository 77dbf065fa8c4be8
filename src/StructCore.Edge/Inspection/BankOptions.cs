using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Inspection;

/// <summary><c>Banks</c> in the configuration.</summary>
internal sealed class BankOptions
{
    /// <summary>Folder of the bank files; the newest version of each category is used.</summary>
    [Required]
    public string Folder { get; set; } = "banks";
}
