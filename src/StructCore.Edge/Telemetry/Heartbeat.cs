using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>Publishes a counter twice a second; it stands still while the self-check fails.</summary>
/// <param name="isWorking">Whether the inspection loop, its camera and its banks are as they should be.</param>
internal sealed class Heartbeat(long agentEpoch, Func<bool> isWorking, StoreHealth store, StationState state, StationLink link, Messages messages, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private long _counter;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var storeFailure = store.Check();
            state.SetFault(Fault.Store, storeFailure);
            if (storeFailure is null && isWorking())
            {
                _counter++;
            }

            link.Post(messages.Heartbeat(new(_counter, agentEpoch)));
        }
    }
}
