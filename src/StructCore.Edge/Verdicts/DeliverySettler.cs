using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Waits, in order, until it is known of each verdict whether the broker took it in time, and only then lets its record go out on <c>results</c>.</summary>
internal sealed class DeliverySettler(string station, PendingInspections pendings, OutboxPublisher outbox, Instruments instruments, ILogger<DeliverySettler> log)
{
    // Not bounded by itself: what waits here is accepted and not yet past its deadline, and the intake's queue bounds how fast that grows.
    private readonly Channel<Delivery> _handed = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true, SingleWriter = true });

    public void Add(Delivery delivery) => _handed.Writer.TryWrite(delivery);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var delivery in _handed.Reader.ReadAllAsync(cancellationToken))
        {
            var record = delivery.Record with { Delivered = await delivery.InTime };
            if (record.Delivered)
            {
                // Ends the agent here, the record says "not delivered" and goes out as late after the restart: the PLC has both.
                KillPoint.Reach(KillStage.Published);
            }

            if (record.Sequence > 0)
            {
                outbox.Settle(record);
            }

            if (delivery.Pending is { } pending)
            {
                pendings.Close(pending);
                instruments.Inspected(record, pending.Age);
                log.Decided(station, record.Trigger.TriggerId, record.Verdict.Decision, record.Verdict.Reason, record.Verdict.Category, record.Verdict.Score, record.Verdict.Threshold, record.Verdict.Timings.Total, record.Delivered ? "" : ", not delivered in time");
            }
        }
    }
}
