using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>Publishes a counter twice a second; it stands still while the self-check fails.</summary>
internal sealed class Heartbeat(string station, long agentEpoch, SelfCheck check, Instruments instruments, StationLink link, Messages messages, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private long _counter;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var items = check.Run();
            instruments.SelfChecked(station, items);
            if (items.All(i => i.Failure is null))
            {
                _counter++;
            }

            link.Post(messages.Heartbeat(new(_counter, agentEpoch)));
        }
    }
}
