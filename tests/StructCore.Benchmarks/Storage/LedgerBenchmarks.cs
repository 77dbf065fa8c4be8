using BenchmarkDotNet.Attributes;
using StructCore.Edge.Storage;

namespace StructCore.Benchmarks.Storage;

/// <summary>What reads the whole file, behind a million records: the ledger's verification, and the check after an unclean end.</summary>
public class LedgerBenchmarks
{
    private readonly InspectionRecord _record = FilledStore.Record(1) with { PreviousHash = LedgerHash.Genesis };
    private FilledStore _filled = null!;

    [GlobalSetup]
    public void Setup() => _filled = new FilledStore(1_000_000);

    [GlobalCleanup]
    public void Cleanup() => _filled.Dispose();

    [Benchmark]
    public string Hash() => LedgerHash.Of(_record);

    [Benchmark]
    public bool Verify() => LedgerVerifier.Verify(_filled.Store, CancellationToken.None).Intact;

    [Benchmark]
    public int FindDamage() => _filled.Store.FindDamage().Count;

    [Benchmark]
    public int PruneFifty() => _filled.Store.Prune(DateTimeOffset.MaxValue, 50);
}
