using BenchmarkDotNet.Attributes;
using StructCore.Vision.Features;

namespace StructCore.Benchmarks.Features;

/// <summary>The sketch of one image's features, of the embedded backbone's width and of the widest.</summary>
public class SketchBenchmarks
{
    private PatchFeatures _features = null!;

    [Params(192, 512)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _features = new PatchFeatures(28, 28, Width, [.. Enumerable.Range(0, 28 * 28 * Width).Select(_ => random.NextSingle())]);
    }

    [Benchmark]
    public FeatureSketch Sketch() => FeatureSketch.Of(_features);
}
