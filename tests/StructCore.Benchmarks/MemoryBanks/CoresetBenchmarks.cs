using BenchmarkDotNet.Attributes;
using StructCore.Tests.MemoryBanks;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.MemoryBanks;

/// <summary>SPEC 4: the same list, lazily and naively, over rows that lie as features do: few wide directions, little noise.</summary>
public class CoresetBenchmarks
{
    private const int Width = 384;

    private ProxyRows _proxies = null!;
    private int[] _all = null!;

    [Params(20_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var basis = Enumerable.Range(0, 12 * Width).Select(_ => random.NextSingle() - 0.5f).ToArray();
        _proxies = new ProxyRows(Rows, Width);
        var row = new float[Width];
        for (var r = 0; r < Rows; r++)
        {
            Array.Clear(row);
            for (var direction = 0; direction < 12; direction++)
            {
                var weight = (random.NextSingle() + random.NextSingle() - 1) / (1 + direction);
                for (var d = 0; d < Width; d++)
                {
                    row[d] += weight * basis[(direction * Width) + d];
                }
            }

            _proxies.Set(r, row);
        }

        _all = [.. Enumerable.Range(0, Rows)];
    }

    [Benchmark(Baseline = true)]
    public int[] Naive() => NaiveMemoryBank.KCenterGreedy(_proxies, Rows / 100, _all);

    [Benchmark]
    public int[] Lazy() => KCenterGreedySampler.Sample(_proxies, Rows / 100);
}
