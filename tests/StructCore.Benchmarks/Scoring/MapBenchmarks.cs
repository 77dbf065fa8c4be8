using BenchmarkDotNet.Attributes;
using StructCore.Vision.Scoring;

namespace StructCore.Benchmarks.Scoring;

/// <summary>SPEC 7 and phi of SPEC 8; the tail against sorting.</summary>
public class MapBenchmarks
{
    private PatchScores _scores = null!;
    private AnomalyMap _map = null!;

    [Params(224, 392)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _scores = new PatchScores(28, 28, [.. Enumerable.Range(0, 784).Select(_ => random.NextSingle())]);
        _map = AnomalyMap.From(_scores, Side);
    }

    [Benchmark]
    public AnomalyMap Map() => AnomalyMap.From(_scores, Side);

    [Benchmark]
    public StructuralDescriptor Descriptor() => StructuralDescriptor.Of(_map);

    [Benchmark(Baseline = true)]
    public double TailBySorting()
    {
        var values = _map.Values.ToArray();
        Array.Sort(values);
        return values.AsSpan(values.Length - (values.Length / 100)).ToArray().Average();
    }

    [Benchmark]
    public float TailBySelection() => TailMean.Of(_map.Values, Side * Side / 100);
}
