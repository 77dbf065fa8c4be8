using BenchmarkDotNet.Attributes;
using StructCore.Tests.MemoryBanks;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.MemoryBanks;

/// <summary>SPEC 6: the patches of one image against a bank: naive, bounded by float32 products, and by what this processor does best.</summary>
public class NearestNeighbourBenchmarks
{
    private MemoryBank _bank = null!;
    private PatchFeatures _features = null!;
    private NearestNeighbourSearch _search = null!;
    private NearestNeighbourSearch _float = null!;

    [Params(784, 5974)]
    public int Rows { get; set; }

    [Params(384)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        _bank = new MemoryBank(Width, Values(Rows * Width), new int[Rows]);
        _features = new PatchFeatures(28, 28, Width, Values(784 * Width));
        _search = new NearestNeighbourSearch(_bank);
        _float = new NearestNeighbourSearch(_bank, new FloatBounds(_bank.Values, Width));
    }

    [Benchmark(Baseline = true)]
    public double Naive()
    {
        var sum = 0d;
        for (var patch = 0; patch < _features.Rows; patch++)
        {
            sum += NaiveMemoryBank.Score(_features.Row(patch), _bank, NearestNeighbourSearch.DefaultNeighbours, -1);
        }

        return sum;
    }

    [Benchmark]
    public float[]? Float() => _float.Score(_features);

    [Benchmark]
    public float[]? Best() => _search.Score(_features);
}
