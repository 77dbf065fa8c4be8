using StructCore.Vision.Features;

namespace StructCore.Edge.Benchmarking;

/// <summary>What <c>bench</c> was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>The ONNX file.</summary>
    public required string Backbone { get; init; }

    public ExtractorOptions Extractor { get; init; } = new();

    /// <summary>Whether the scorer for devices is measured; without a GPU it runs on the processor, which is for tests.</summary>
    public bool OnDevice { get; init; }

    /// <summary>Whether a device records the backbone's kernels once and replays them.</summary>
    public bool CaptureGraphs { get; init; }

    /// <summary>A bank file; null: synthetic banks.</summary>
    public string? Bank { get; init; }

    /// <summary>Rows of each synthetic bank, those of 320 images at 1 %.</summary>
    public int Rows { get; init; } = 2508;

    /// <summary>Synthetic banks an image is routed over.</summary>
    public int Categories { get; init; } = 1;

    /// <summary>A folder of images; null: rendered frames.</summary>
    public string? Images { get; init; }

    /// <summary>Side of the rendered frames, pixels.</summary>
    public int Size { get; init; } = 1024;

    public IReadOnlyList<int> Batches { get; init; } = [1, 4, 16];

    /// <summary>How long a stage is measured at one batch size.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Fewest calls that are timed.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Folder for banks, crops and scores; null: not wanted.</summary>
    public string? Export { get; init; }
}
