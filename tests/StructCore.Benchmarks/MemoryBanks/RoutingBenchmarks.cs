using BenchmarkDotNet.Attributes;
using StructCore.Tests.MemoryBanks;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.MemoryBanks;

/// <summary>SPEC 5: the patches of one image against the prototypes of some categories.</summary>
public class RoutingBenchmarks
{
    private const int Width = 512;

    private PatchFeatures _features = null!;
    private RoutingBank[] _banks = null!;

    [Params(1, 100)]
    public int Categories { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        _features = new PatchFeatures(28, 28, Width, Values(784 * Width));
        _banks = [.. Enumerable.Range(0, Categories).Select(c => SphericalKMeans.Fit($"c{c}", Values(SphericalKMeans.DefaultPrototypes * Width), Width))];
    }

    [Benchmark(Baseline = true)]
    public double Naive() => _banks.Min(bank => NaiveMemoryBank.Route(_features, bank));

    [Benchmark]
    public Route Best() => BankRouter.Route(_features, _banks);
}
