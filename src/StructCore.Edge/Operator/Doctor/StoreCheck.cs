using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>The inspection store, where there is one: none is made, since it would belong to whoever asks the doctor.</summary>
internal static class StoreCheck
{
    private const int ManyUndelivered = 1_000;

    public static Task RunAsync(AgentOptions options, AdapterSet adapters, TimeProvider time, Findings findings)
    {
        var path = options.Store.Path;
        if (!File.Exists(path))
        {
            findings.Ok($"'{path}' is not there yet, the agent makes it at its first start");
            return Task.CompletedTask;
        }

        try
        {
            using var store = adapters.OpenStore(path, time);
            store.Check();
            var ledger = store.Ledger();
            var waiting = store.Outbox(ManyUndelivered).Count;
            findings.Ok($"'{path}' can be written: {store.SizeBytes() >> 10} KiB, newest record {ledger.LastSequence}, {store.Unanswered().Count} triggers without a verdict");
            if (waiting == ManyUndelivered)
            {
                findings.Warning($"{waiting} records or more wait for the broker. Check that the agent runs, and the line 'broker' below.");
            }
        }
        catch (InspectionStoreException e)
        {
            findings.Fail(e.Message);
        }

        return Task.CompletedTask;
    }
}
