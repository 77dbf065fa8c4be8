using StructCore.Vision.Imaging;

namespace StructCore.Vision.ZeroShot;

/// <summary>How an unlabelled batch is scored. The defaults are the method's.</summary>
public sealed record ScreeningOptions
{
    /// <summary>How frames become the backbone's input.</summary>
    public FrameMode Frame { get; init; } = FrameMode.FullFrame;

    /// <summary>Sides r of the neighbourhoods whose tokens are averaged; odd.</summary>
    public IReadOnlyList<int> Degrees { get; init; } = [1, 3, 5];

    /// <summary>Share of the other images that a patch is judged by, those with its nearest patches; above 0, at most 1.</summary>
    public double Share { get; init; } = 0.3;

    /// <summary>Numbers k of alike images, itself among them, that an image's score is averaged over; 1 or more.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [1, 2, 3];

    /// <summary>Largest number of images that are scored by each other; a larger batch is dealt out into groups of about the same size, which saves time in proportion. Null: all by all.</summary>
    public int? GroupSize { get; init; }

    /// <summary>Threads; 0 takes <see cref="Features.ComputeThreads.Count"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Memory for the tokens of a block of images, besides the distances that are kept (4·P·share bytes for each pair of images).</summary>
    public long BlockBytes { get; init; } = 512L << 20;

    /// <summary>Where the tokens lie meanwhile, 4·P·d bytes per image and layer; the system's temporary folder where it is null.</summary>
    public string? ScratchFolder { get; init; }
}
