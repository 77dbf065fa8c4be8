using StructCore.Vision.Features;

namespace StructCore.Vision.Inference;

/// <summary>How a <see cref="DeviceScorer"/> runs.</summary>
public sealed record DeviceOptions
{
    /// <summary>What runs it, where, how exactly, with which caches. Default: the processor, which is for tests.</summary>
    public ExtractorOptions Extractor { get; init; } = new();

    /// <summary>Most images that go through the backbone together, 1 or more; longer lists are cut. Device memory grows with it. Default: 16.</summary>
    public int LargestBatch { get; init; } = 16;

    /// <summary>Whether the backbone's kernels are recorded once for every batch size and replayed from then on. Default: false.</summary>
    public bool CaptureGraphs { get; init; }
}
