using BenchmarkDotNet.Attributes;
using StructCore.Tests.ZeroShot;
using StructCore.Vision.ZeroShot;

namespace StructCore.Benchmarks.ZeroShot;

/// <summary>SPEC 10: one pair of images matched both ways, by tiles and naively.</summary>
public class PatchMatcherBenchmarks
{
    private const int Patches = 784;

    private readonly float[] _fromOther = new float[Patches];
    private readonly float[] _fromHere = new float[Patches];
    private float[][] _images = null!;
    private PatchMatcher _matcher = null!;
    private ImageTokens _other = null!;

    [Params(128, 768)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _images = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Patches * Width).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        (_matcher, _other) = (new PatchMatcher(Patches, Width), new ImageTokens(Patches, Width));
        _images[0].CopyTo(_matcher.Tokens.Values);
        _matcher.Pack();
        _images[1].CopyTo(_other.Values);
        _other.Measure();
    }

    [Benchmark(Baseline = true)]
    public (float[] FromOther, float[] FromHere) Naive() => (NaivePair.Nearest(_images[1], _images[0], Width), NaivePair.Nearest(_images[0], _images[1], Width));

    [Benchmark]
    public float Tiled()
    {
        _matcher.Match(_other, _fromOther, _fromHere);
        return _fromHere[0];
    }
}
