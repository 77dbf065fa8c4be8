using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Triggers;

/// <summary>Answers every trigger: takes it on, stored first, or says why not.</summary>
internal sealed class TriggerIntake(
    StationOptions options,
    InspectionPipeline pipeline,
    Channel<PendingInspection> queue,
    PendingInspections pendings,
    IInspectionStore store,
    StoreHealth health,
    StationState state,
    StationTopics topics,
    StationLink link,
    Messages messages,
    TimeProvider time,
    ILogger<TriggerIntake> log)
{
    public const string DeadlineMissed = "deadline_missed: no verdict in time";

    // One trigger at a time, also while a new connection takes over from an old one; nothing is taken on once closed.
    private readonly Lock _gate = new();
    private bool _closed;

    /// <summary>
    /// Takes a message on the bus's own thread and to its end, a few milliseconds of writing included: the broker gets its
    /// acknowledgement when this returns, so that a trigger is on disk, or refused, before the broker may forget it.
    /// </summary>
    public void Receive(ReceivedTrigger received)
    {
        lock (_gate)
        {
            if (_closed)
            {
                Refuse(received, AckStatus.NotReady, "stopped: the agent has ended its work");
                return;
            }

            try
            {
                Answer(received);
            }
            catch (InspectionStoreException e)
            {
                health.Report(e);
                state.SetFault(Fault.Store, e.Message);
                Refuse(received, AckStatus.NotReady, $"{Fault.Store}: {e.Message}");
            }
        }
    }

    /// <summary>Takes no more on; when this returns, nothing is half taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private void Answer(ReceivedTrigger received)
    {
        TriggerRequest request;
        try
        {
            request = TriggerParser.Parse(received.Message.Payload);
        }
        catch (InvalidTriggerException e)
        {
            Refuse(e.PlcEpoch, e.TriggerId, AckStatus.Invalid, e.Message);
            return;
        }

        if (received.Message.Retain)
        {
            Refuse(request, AckStatus.Invalid, "retained: a trigger must not be retained, clear the topic and publish without retain");
        }
        else if (received.Message.ResponseTopic is { } topic && topics.Refusal(topic) is { } refusal)
        {
            Refuse(request, AckStatus.Invalid, refusal);
        }
        else if (store.Find(options.Name, request.PlcEpoch, request.TriggerId) is { } record)
        {
            link.Post(messages.Ack(request.PlcEpoch, request.TriggerId, AckStatus.Duplicate));
            Repeat(record);
        }
        else if (pendings.Owes(request.PlcEpoch, request.TriggerId))
        {
            RepeatLater(request);
        }
        else if (Budget(received, request) <= TimeSpan.Zero)
        {
            Miss(received, request);
        }
        else if (Refusal(request) is var (status, reason))
        {
            Refuse(request, status, reason);
        }
        else
        {
            Accept(received, request);
        }
    }

    private (AckStatus Status, string Reason)? Refusal(TriggerRequest request)
    {
        if (state.NotReady is { } reason)
        {
            return (AckStatus.NotReady, reason);
        }

        if (request.Camera is { } camera && !pipeline.Knows(camera))
        {
            return (AckStatus.Invalid, $"unknown_camera: '{camera}' is not configured");
        }

        if (request.Recipe is { } recipe && !pipeline.Banks.TryGet(recipe, out _))
        {
            return (AckStatus.UnknownRecipe, $"unknown_recipe: no bank for '{recipe}', known: {string.Join(", ", pipeline.Banks.Categories)}");
        }

        // Only the intake writes to the queue, so that a place that is free now stays free.
        return queue.Reader.Count >= options.QueueCapacity ? (AckStatus.Busy, $"queue_full: {options.QueueCapacity} triggers wait") : null;
    }

    private void Accept(ReceivedTrigger received, TriggerRequest request)
    {
        KillPoint.Reach(KillStage.Received);
        var start = time.GetTimestamp();
        var trigger = Promise(received, request);
        if (!store.TryAccept(trigger))
        {
            RepeatLater(request);
            return;
        }

        KillPoint.Reach(KillStage.Accepted);
        var pending = new PendingInspection(trigger, Budget(received, request), time, received.Timestamp)
        {
            ResponseTopic = received.Message.ResponseTopic,
            CorrelationData = received.Message.CorrelationData,
            AcceptTime = time.GetElapsedTime(start),
        };
        link.Post(messages.Ack(request.PlcEpoch, request.TriggerId, AckStatus.Accepted));
        pendings.Add(pending, DeadlineMissed);
        queue.Writer.TryWrite(pending);
    }

    // Nobody waits for this part any more: it is recorded, and only the record goes out.
    private void Miss(ReceivedTrigger received, TriggerRequest request)
    {
        var trigger = Promise(received, request);
        if (store.TryAccept(trigger))
        {
            log.BacklogMissed(options.Name, request.TriggerId);
            var pending = new PendingInspection(trigger, TimeSpan.Zero, time, received.Timestamp);
            pendings.Add(pending, DeadlineMissed);
            pendings.Decide(pending, Outcome.Error("deadline_missed: queued while the agent was away"));
        }
    }

    private void Repeat(InspectionRecord record)
    {
        var remaining = pendings.Remaining(record.Trigger.PlcEpoch, record.Trigger.TriggerId);
        if (remaining > TimeSpan.Zero)
        {
            _ = link.TryDeliverAsync(messages.Verdict(record, remaining), remaining);
        }
        else
        {
            link.Post(messages.Result(record, late: true));
        }
    }

    private void RepeatLater(TriggerRequest request) =>
        link.Post(messages.Ack(request.PlcEpoch, request.TriggerId, AckStatus.Duplicate, "in_work: its verdict comes when it is there"));

    // By the monotonic clock: the wall clock says only when the trigger came and when its verdict expires.
    private TimeSpan Budget(ReceivedTrigger received, TriggerRequest request)
    {
        var whole = request.Deadline ?? TimeSpan.FromMilliseconds(options.DeadlineMs);
        return received.LongestAge < whole ? whole - received.LongestAge : TimeSpan.Zero;
    }

    private AcceptedTrigger Promise(ReceivedTrigger received, TriggerRequest request) =>
        new(options.Name, request.PlcEpoch, request.TriggerId, request.PartId, request.Recipe, request.Camera, received.ReceivedAt, received.ReceivedAt + Budget(received, request));

    private void Refuse(ReceivedTrigger received, AckStatus status, string reason)
    {
        try
        {
            Refuse(TriggerParser.Parse(received.Message.Payload), status, reason);
        }
        catch (InvalidTriggerException e)
        {
            Refuse(e.PlcEpoch, e.TriggerId, AckStatus.Invalid, e.Message);
        }
    }

    private void Refuse(TriggerRequest request, AckStatus status, string reason) => Refuse(request.PlcEpoch, request.TriggerId, status, reason);

    private void Refuse(string? plcEpoch, string? triggerId, AckStatus status, string reason)
    {
        log.TriggerRefused(options.Name, triggerId, status, reason);
        link.Post(messages.Ack(plcEpoch, triggerId, status, reason));
    }
}
