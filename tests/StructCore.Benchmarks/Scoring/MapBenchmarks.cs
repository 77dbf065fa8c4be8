using BenchmarkDotNet.Attributes;
using StructCore.Tests.Scoring;
using StructCore.Vision.Scoring;

namespace StructCore.Benchmarks.Scoring;

/// <summary>SPEC 7 and phi of SPEC 8 against the naive twin: with a map, and without.</summary>
[MemoryDiagnoser]
public class MapBenchmarks
{
    private PatchScores _scores = null!;

    [Params(224, 392)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _scores = new PatchScores(28, 28, [.. Enumerable.Range(0, 784).Select(_ => random.NextSingle())]);
    }

    [Benchmark(Baseline = true)]
    public MapStatistics Naive() => NaiveMap.Statistics(NaiveMap.Of(_scores, Side), Side);

    [Benchmark]
    public MapStatistics WithMap()
    {
        using var map = AnomalyMap.From(_scores, Side);
        return MapStatistics.Of(map);
    }

    [Benchmark]
    public MapStatistics WithoutMap() => MapStatistics.Of(_scores, Side);
}
