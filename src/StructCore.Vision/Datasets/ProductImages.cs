using StructCore.Vision.Imaging;

namespace StructCore.Vision.Datasets;

/// <summary>The images of one category, in ordinal order of their paths, so that an index means the same image on every machine.</summary>
public sealed record ProductImages
{
    /// <summary>The product's name.</summary>
    public required string Category { get; init; }

    /// <summary>The layout they were found in.</summary>
    public required ImageLayout Layout { get; init; }

    /// <summary>Paths of the good images to fit from.</summary>
    public required IReadOnlyList<string> Train { get; init; }

    /// <summary>Labelled images to evaluate with; none in a plain folder.</summary>
    public required IReadOnlyList<TestImage> Test { get; init; }

    /// <summary>The frame mode to fit with where none is asked for: centre crop on benchmark layouts, the full frame on a plain folder (SPEC 1).</summary>
    public FrameMode DefaultFrame => Layout == ImageLayout.PlainFolder ? FrameMode.FullFrame : FrameMode.CentreCrop;
}
