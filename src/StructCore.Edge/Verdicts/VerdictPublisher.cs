using Microsoft.Extensions.Logging;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Stores what was decided, then publishes it: on <c>verdict</c> only before the deadline, everything else through the outbox.</summary>
internal sealed class VerdictPublisher(
    string station,
    long agentEpoch,
    bool publishCode,
    PendingInspections pendings,
    IInspectionStore store,
    StoreHealth health,
    OutboxPublisher outbox,
    StationLink link,
    Messages messages,
    StationState state,
    EvidenceWriter? evidence,
    Instruments instruments,
    TimeProvider time,
    ILogger<VerdictPublisher> log)
{
    // Told to the PLC as ERROR, but not on disk: written as soon as the store can be.
    private readonly Queue<InspectionRecord> _unstored = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var pending in pendings.Decided.ReadAllAsync(cancellationToken))
        {
            var record = await DeliverAsync(pending, cancellationToken);
            pendings.Close(pending);
            instruments.Inspected(record, pending.Age);
            log.Decided(station, record.Trigger.TriggerId, record.Verdict.Decision, record.Verdict.Reason, record.Verdict.Category, record.Verdict.Score, record.Verdict.Threshold, record.Verdict.Timings.Total, record.Delivered ? "" : ", not delivered in time");
            evidence?.Offer(record, pending.Frame, pending.Outcome);
        }
    }

    private async Task<InspectionRecord> DeliverAsync(PendingInspection pending, CancellationToken cancellationToken)
    {
        using var settled = await outbox.HoldAsync(cancellationToken);
        KillPoint.Reach(KillStage.Decided);
        var record = Store(pending);
        KillPoint.Reach(KillStage.Stored);
        if (await PublishAsync(record, pending, cancellationToken))
        {
            KillPoint.Reach(KillStage.Published);
            record = record with { Delivered = true };
            if (record.Sequence > 0)
            {
                TryWrite(() => store.MarkDelivered([record.Sequence]));
            }
        }

        return record;
    }

    private InspectionRecord Store(PendingInspection pending)
    {
        var timings = pending.Outcome.Verdict.Timings with { Store = pending.AcceptTime.TotalMilliseconds, Total = pending.Age.TotalMilliseconds };
        var record = new InspectionRecord(pending.Trigger, pending.Outcome.Verdict with { Timings = timings }, pending.Frame?.FrameId, pending.Frame?.CapturedAt, FrameAge(pending.Frame), agentEpoch, time.GetUtcNow());
        var start = time.GetTimestamp();
        var unstored = record with { Verdict = Verdict.Error("store_failed: the verdict could not be stored, see the agent's log") with { Timings = timings } };
        if (!TryWrite(() =>
        {
            StoreLeftovers();
            record = store.Complete(record);
        }))
        {
            _unstored.Enqueue(unstored);
            return unstored;
        }

        // The record on disk cannot know what writing it took; the PLC's copy does.
        timings = timings with { Store = timings.Store + time.GetElapsedTime(start).TotalMilliseconds, Total = pending.Age.TotalMilliseconds };
        return record with { Verdict = record.Verdict with { Timings = timings } };
    }

    private double? FrameAge(Frame? frame) => frame is null ? null : time.GetElapsedTime(frame.Timestamp).TotalMilliseconds;

    private async Task<bool> PublishAsync(InspectionRecord record, PendingInspection pending, CancellationToken cancellationToken)
    {
        var remaining = pending.Remaining;
        if (remaining <= TimeSpan.Zero)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(remaining, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var verdict = messages.Verdict(record, remaining);
        var published = link.TryPublishAsync(verdict, either.Token);
        if (publishCode)
        {
            link.Post(messages.VerdictCode(record, remaining));
        }

        if (pending.ResponseTopic is { } responseTopic)
        {
            link.Post(verdict with { Topic = responseTopic, CorrelationData = pending.CorrelationData });
        }

        return await published && pending.Remaining > TimeSpan.Zero;
    }

    private void StoreLeftovers()
    {
        while (_unstored.TryPeek(out var record))
        {
            // A write that failed may have reached the disk all the same.
            if (store.Find(record.Trigger.Station, record.Trigger.PlcEpoch, record.Trigger.TriggerId) is null)
            {
                store.Complete(record);
            }

            _unstored.Dequeue();
        }
    }

    // A store that fails is an outcome here: the part gets its ERROR, the station says that it is not ready.
    private bool TryWrite(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (InspectionStoreException e)
        {
            health.Report(e);
            state.SetFault(Fault.Store, e.Message);
            log.NotStored(station, e.Message);
            return false;
        }
    }
}
