using BenchmarkDotNet.Attributes;
using StructCore.Tests.Scoring;
using StructCore.Vision.Scoring;

namespace StructCore.Benchmarks.Scoring;

/// <summary>The tail of phi, SPEC 8: selection against sorting.</summary>
public class TailBenchmarks
{
    private const int Side = 392;
    private const int Count = Side * Side / 100;

    private float[] _values = null!;
    private double[] _wide = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _values = AnomalyMap.From(new PatchScores(28, 28, [.. Enumerable.Range(0, 784).Select(_ => random.NextSingle())]), Side).Values.ToArray();
        _wide = Array.ConvertAll(_values, v => (double)v);
    }

    [Benchmark(Baseline = true)]
    public double Sorting() => NaiveMap.Tail(_wide, Count);

    [Benchmark]
    public float Selection()
    {
        using var largest = new LargestValues(Count);
        largest.Add(_values);
        return largest.Mean();
    }
}
