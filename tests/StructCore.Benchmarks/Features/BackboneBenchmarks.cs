using BenchmarkDotNet.Attributes;
using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Features;

/// <summary>Frame to patch features with the backbone that would be taken by default, or with the one in <c>STRUCTCORE_BACKBONE</c>.</summary>
public class BackboneBenchmarks
{
    private readonly RgbImage _frame = RandomImage.Of(1024, 1024);
    private OnnxFeatureExtractor _extractor = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var backbone = Environment.GetEnvironmentVariable("STRUCTCORE_BACKBONE") ?? new BackboneFolders([Path.Combine(AppContext.BaseDirectory, "models")]).Find();
        _extractor = OnnxFeatureExtractor.Open(backbone, new ExtractorOptions { Threads = Threads });
    }

    [GlobalCleanup]
    public void Cleanup() => _extractor.Dispose();

    [Benchmark]
    public PatchFeatures Extract() => _extractor.Extract(_frame, FrameMode.FullFrame);
}
