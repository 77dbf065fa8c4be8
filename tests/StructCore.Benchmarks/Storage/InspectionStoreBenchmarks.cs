using BenchmarkDotNet.Attributes;
using StructCore.Edge.Storage;

namespace StructCore.Benchmarks.Storage;

/// <summary>What one inspection writes, fsync on: its trigger, its verdict, and that it was delivered and acknowledged.</summary>
public class InspectionStoreBenchmarks
{
    private FilledStore _filled = null!;
    private int _number;

    [Params(0, 1_000_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void Setup() => _filled = new FilledStore(Records);

    [GlobalCleanup]
    public void Cleanup() => _filled.Dispose();

    [Benchmark]
    public bool Accept() => _filled.Store.TryAccept(FilledStore.Record(_number++).Trigger);

    [Benchmark]
    public long AcceptAndComplete() => Complete().Sequence;

    [Benchmark(Baseline = true)]
    public void AcceptCompleteAndSettle()
    {
        var record = Complete();
        _filled.Store.MarkDelivered([record.Sequence]);
        _filled.Store.Acknowledge([record.Sequence]);
    }

    [Benchmark]
    public int ReadOutbox() => _filled.Store.Outbox(64, "no such station").Count;

    private InspectionRecord Complete()
    {
        var record = FilledStore.Record(_number++);
        _filled.Store.TryAccept(record.Trigger);
        return _filled.Store.Complete(record);
    }
}
