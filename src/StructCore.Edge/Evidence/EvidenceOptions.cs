using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Evidence;

/// <summary><c>Evidence</c> in the configuration: which images are kept, and for how long.</summary>
internal sealed class EvidenceOptions
{
    /// <summary>Folder of the images; absent: none are kept, and no verdict can be replayed.</summary>
    public string? Folder { get; set; }

    /// <summary>Share of the accepted parts whose frames are kept, 0 to 1, evenly spread. Those of REJECT and ERROR are always kept.</summary>
    [Range(0.0, 1.0)]
    public double AcceptSampling { get; set; } = 0.01;

    /// <summary>Older images are deleted, 1 to 3650.</summary>
    [Range(1, 3650)]
    public int MaxAgeDays { get; set; } = 90;

    /// <summary>The oldest images are deleted where all take more, 0.001 to 1000000.</summary>
    [Range(0.001, 1_000_000.0)]
    public double MaxGigabytes { get; set; } = 20;

    /// <summary>Memory of each station for images that wait for the disk, 1 to 100000; only what does not fit is lost.</summary>
    [Range(1, 100_000)]
    public int MaxWaitingMegabytes { get; set; } = 256;
}
