using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.BankUpdates;

/// <summary><c>Updates</c> in the configuration: whether, from where and how carefully banks are updated remotely.</summary>
internal sealed class UpdateOptions
{
    /// <summary>The trust document this station begins with, <c>structcore trust create</c> makes it; absent: no remote updates.</summary>
    public string? TrustFile { get; set; }

    /// <summary>Packages on their way; on the disk of <c>Banks:Folder</c>, since they are moved there.</summary>
    [Required]
    public string Folder { get; set; } = "updates";

    /// <summary>Where packages lie as <c>CATEGORY/CATEGORY-vN.scbank</c>: https, or plain http on this machine. Absent: they come through the broker.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Certificates of the authorities that may vouch for the server; absent: those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>A file whose first line is sent to the server as bearer token.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Larger packages are refused, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int MaxPackageMegabytes { get; set; } = 1000;

    /// <summary>Seconds without a byte after which a transfer is broken off and tried again, 1 to 600.</summary>
    [Range(1, 600)]
    public int StallSeconds { get; set; } = 30;

    /// <summary>Parts that both banks score before the new one decides, 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int ShadowInspections { get; set; } = 20;

    /// <summary>Parts during which a new bank is watched and may be swapped back, 0 to 100000.</summary>
    [Range(0, 100_000)]
    public int GuardInspections { get; set; } = 50;

    /// <summary>Share of rejected parts above the calibration's own that is borne, in the shadow above the active bank's, 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double MaxRejectShift { get; set; } = 0.1;

    /// <summary>How many times longer than before a part may take with the new bank, 1 to 100.</summary>
    [Range(1.0, 100.0)]
    public double MaxSlowdown { get; set; } = 2;

    /// <summary>Versions of a category that stay on the disk, 2 to 100; replay needs the one that decided.</summary>
    [Range(2, 100)]
    public int KeepVersions { get; set; } = 5;

    public bool Enabled => TrustFile is not null;
}
