using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Stores what was decided and hands it to the broker, one after the other, without waiting for the broker's answers.</summary>
internal sealed class VerdictPublisher(
    string station,
    long agentEpoch,
    bool publishCode,
    PendingInspections pendings,
    IInspectionStore store,
    StoreHealth health,
    DeliverySettler settler,
    StationLink link,
    Messages messages,
    StationState state,
    EvidenceWriter? evidence,
    InspectionWatch watch,
    DriftWatch drift,
    TimeProvider time,
    ILogger<VerdictPublisher> log)
{
    // Told to the PLC as ERROR, but not on disk: written as soon as the store can be.
    private readonly Queue<Delivery> _unstored = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var pending in pendings.Decided.ReadAllAsync(cancellationToken))
        {
            // Ends the agent here, the trigger is answered with an ERROR after the restart.
            KillPoint.Reach(KillStage.Decided);
            var record = Store(pending);

            // Ends the agent here, the PLC's timer runs out and the record goes out as late after the restart.
            KillPoint.Reach(KillStage.Stored);
            var delivery = new Delivery(record, pending, HandOver(record, pending));
            if (record.Sequence == 0)
            {
                _unstored.Enqueue(delivery with { Pending = null });
            }

            evidence?.Offer(record, pending.Frame, pending.Outcome);
            watch.Offer(pending);
            drift.Add(record);
            pending.Release();
            settler.Add(delivery);
        }
    }

    private InspectionRecord Store(PendingInspection pending)
    {
        var timings = pending.Outcome.Verdict.Timings with { Store = pending.AcceptTime.TotalMilliseconds, Total = pending.Age.TotalMilliseconds };
        var record = new InspectionRecord(pending.Trigger, pending.Outcome.Verdict with { Timings = timings }, pending.Frame?.FrameId, pending.Frame?.CapturedAt, FrameAge(pending.Frame), agentEpoch, time.GetUtcNow());
        var start = time.GetTimestamp();
        try
        {
            StoreLeftovers();
            record = store.Complete(record);
        }
        catch (InspectionStoreException e)
        {
            // An outcome here: the part gets its ERROR, the station says that it is not ready.
            health.Report(e);
            state.SetFault(Fault.Store, e.Message);
            log.NotStored(station, e.Message);
            return record with { Verdict = Verdict.Error("store_failed: the verdict could not be stored, see the agent's log") with { Timings = timings } };
        }

        // The record on disk cannot know what writing it took; the PLC's copy does.
        timings = timings with { Store = timings.Store + time.GetElapsedTime(start).TotalMilliseconds, Total = pending.Age.TotalMilliseconds };
        return record with { Verdict = record.Verdict with { Timings = timings } };
    }

    private double? FrameAge(Frame? frame) => frame is null ? null : time.GetElapsedTime(frame.Timestamp).TotalMilliseconds;

    // On this thread until the messages are with the bus, so that their order is the order of the records.
    private Task<bool> HandOver(InspectionRecord record, PendingInspection pending)
    {
        var remaining = pending.Remaining;
        if (remaining <= TimeSpan.Zero)
        {
            return Task.FromResult(false);
        }

        var verdict = messages.Verdict(record, remaining);
        var delivered = link.TryDeliverAsync(verdict, remaining);
        if (publishCode)
        {
            _ = link.TryDeliverAsync(messages.VerdictCode(record, remaining), remaining);
        }

        if (pending.ResponseTopic is { } responseTopic)
        {
            _ = link.TryDeliverAsync(verdict with { Topic = responseTopic, CorrelationData = pending.CorrelationData }, remaining);
        }

        return delivered;
    }

    private void StoreLeftovers()
    {
        while (_unstored.TryPeek(out var left))
        {
            // A write that failed may have reached the disk all the same.
            var trigger = left.Record.Trigger;
            var record = store.Find(trigger.Station, trigger.PlcEpoch, trigger.TriggerId) ?? store.Complete(left.Record);
            settler.Add(left with { Record = record });
            _unstored.Dequeue();
        }
    }
}
