using StructCore.Benchmarks.Storage;
using StructCore.Edge;
using StructCore.Edge.Benchmarking;
using StructCore.Edge.Storage;

namespace StructCore.Benchmarks.Adapters;

/// <summary>What one inspection writes, on disk when the call returns.</summary>
internal static class StoreSeam
{
    private const string Name = "IInspectionStore";

    public static IReadOnlyList<SeamRow> Measure(AdapterSet adapters, CallTimer timer, string folder, CancellationToken stopping)
    {
        using var store = adapters.OpenStore(Path.Combine(folder, "station.db"), TimeProvider.System);
        var number = 0;
        return
        [
            SeamRow.Of(Name, timer.Measure("a trigger to disk", 1, _ => store.TryAccept(FilledStore.Record(number++).Trigger), stopping)),
            SeamRow.Of(Name, timer.Measure("trigger and verdict to disk, two transactions", 1, _ => Complete(), stopping)),
            SeamRow.Of(Name, timer.Measure("the same, delivered and acknowledged, four transactions", 1, _ =>
            {
                long[] sequence = [Complete().Sequence];
                store.MarkDelivered(sequence);
                store.Acknowledge(sequence);
            }, stopping)),
            SeamRow.Of(Name, timer.Measure("outbox read, 64 records", 1, _ => store.Outbox(64), stopping)),
        ];

        InspectionRecord Complete()
        {
            var record = FilledStore.Record(number++);
            store.TryAccept(record.Trigger);
            return store.Complete(record);
        }
    }
}
