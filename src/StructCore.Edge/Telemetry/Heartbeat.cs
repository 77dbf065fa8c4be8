using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>Publishes a counter twice a second; it stands still while the self-check fails.</summary>
internal sealed class Heartbeat(long agentEpoch, SelfCheck check, StationLink link, Messages messages, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private long _counter;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (check.Passes())
            {
                _counter++;
            }

            link.Post(messages.Heartbeat(new(_counter, agentEpoch)));
        }
    }
}
