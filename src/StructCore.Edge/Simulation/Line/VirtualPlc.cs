using System.Globalization;
using System.Text;
using System.Text.Json;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Simulation.Line;

/// <summary>A PLC as MQTT.md wants it: it owns the timer, and whatever is not a clear, timely ACCEPT of a trusted agent is a reject.</summary>
internal sealed class VirtualPlc
{
    private static readonly string[] Topics = ["state", "heartbeat", "ack", "acquired", "verdict", "results"];

    private readonly IMessageBus _bus;
    private readonly PlcOptions _options;
    private readonly TimeProvider _time;
    private readonly StationWatch _station;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PendingPart> _parts = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VirtualPlc(IMessageBus bus, PlcOptions options, TimeProvider time)
    {
        (_bus, _options, _time) = (bus, options, time);
        _station = new StationWatch(options.HeartbeatTimeout, time);
        Epoch = time.GetUtcNow().ToUnixTimeMilliseconds();
        bus.Received = OnMessage;
    }

    /// <summary>Unique per start of the PLC, so that trigger ids may begin at 1 again.</summary>
    public long Epoch { get; }

    private string ReplyTopic => _options.Root + "response/plc";

    public async Task StartAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        await _bus.ConnectAsync(connection, cancellationToken);
        foreach (var topic in Topics)
        {
            await _bus.SubscribeAsync(_options.Root + topic, QualityOfService.AtLeastOnce, cancellationToken);
        }

        await _bus.SubscribeAsync(ReplyTopic, QualityOfService.AtLeastOnce, cancellationToken);
    }

    /// <summary>Waits for a ready station with a living heartbeat and takes it for the agent of this shift.</summary>
    /// <exception cref="TimeoutException">It does not become ready; the message says what is wrong.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await _ready.Task.WaitAsync(patience, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The station at '{_options.Root}' is not ready after {patience.TotalSeconds:0} s: {Guarded(() => _station.Objection())}.", e);
        }
    }

    /// <summary>Triggers one inspection and decides where the part goes.</summary>
    public async Task<PartOutcome> InspectAsync(PartRequest part, CancellationToken cancellationToken)
    {
        var pending = new PendingPart();
        var triggerId = Guarded(() =>
        {
            var id = (_parts.Count + 1).ToString(CultureInfo.InvariantCulture);
            _parts.Add(id, pending);
            return id;
        });
        var started = _time.GetTimestamp();
        var (accepted, reason, verdict) = await DecideAsync(part, triggerId, pending, started, cancellationToken);
        return new PartOutcome(triggerId, part.PartId, accepted, reason, verdict, _time.GetElapsedTime(started));
    }

    /// <summary>Waits for the records of all triggers on <c>results</c>; false where some do not come.</summary>
    public async Task<bool> SettleAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Guarded(() => _parts.Values.Select(p => p.Recorded.Task).ToArray())).WaitAsync(patience, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>All that came for a trigger so far.</summary>
    public TriggerBook Book(string triggerId) => Guarded(() => _parts[triggerId].Book);

    private async Task<(bool Accepted, string Reason, VerdictMessage? Verdict)> DecideAsync(PartRequest part, string triggerId, PendingPart pending, long started, CancellationToken cancellationToken)
    {
        VerdictMessage? verdict;
        string? refusal;
        try
        {
            await _bus.PublishAsync(Trigger(part, triggerId), cancellationToken).WaitAsync(_options.Timer, _time, cancellationToken);
            var left = _options.Timer - _time.GetElapsedTime(started);
            (verdict, refusal) = await pending.Answer.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return (false, $"no verdict within {_options.Timer.TotalMilliseconds:0} ms", null);
        }
        catch (MessageBusException e)
        {
            return (false, $"trigger not sent: {e.Message}", null);
        }

        if (verdict is null)
        {
            return (false, $"trigger refused: {refusal}", null);
        }

        return Guarded(() => _station.Objection(verdict)) is { } objection
            ? (false, objection, verdict)
            : (verdict.Decision == "ACCEPT", verdict.Reason ?? verdict.Decision, verdict);
    }

    private BusMessage Trigger(PartRequest part, string triggerId)
    {
        var body = new Dictionary<string, object>
        {
            ["plc_epoch"] = Epoch,
            ["trigger_id"] = triggerId,
            ["part_id"] = part.PartId,
            ["deadline_ms"] = (int)(_options.Timer - _options.Margin).TotalMilliseconds,
        };
        if (part.Recipe is not null)
        {
            body["recipe"] = part.Recipe;
        }

        return new BusMessage(_options.Root + "trigger", JsonSerializer.SerializeToUtf8Bytes(body))
        {
            ContentType = "application/json",
            Expiry = _options.Timer,
            ResponseTopic = part.Reply ? ReplyTopic : null,
            CorrelationData = part.Reply ? Encoding.UTF8.GetBytes(triggerId) : default,
        };
    }

    private void OnMessage(BusMessage message)
    {
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(message.Payload.Span);
        }
        catch (JsonException)
        {
            return; // what cannot be read cannot be trusted: as good as not sent
        }

        lock (_gate)
        {
            Take(message, message.Topic == ReplyTopic ? "reply" : message.Topic[_options.Root.Length..], body);
        }
    }

    private void Take(BusMessage message, string topic, JsonElement body)
    {
        if (topic == "state")
        {
            _station.OnState(body);
        }
        else if (topic == "heartbeat")
        {
            _station.OnHeartbeat(VerdictMessage.Number(body, "counter"));
            if (!_ready.Task.IsCompleted && _station.Objection() is null)
            {
                _station.Trust();
                _ready.TrySetResult();
            }
        }
        else if (Pending(body) is { } pending)
        {
            TakeAnswer(message, topic, body, pending);
        }
    }

    private static void TakeAnswer(BusMessage message, string topic, JsonElement body, PendingPart pending)
    {
        var correlated = topic != "reply" || message.CorrelationData.Span.SequenceEqual(Encoding.UTF8.GetBytes(VerdictMessage.Text(body, "trigger_id") ?? ""));
        if (topic is "verdict" or "reply" && correlated && VerdictMessage.Read(body) is { } verdict)
        {
            pending.OnVerdict(verdict, topic == "reply");
        }
        else if (topic == "ack" && VerdictMessage.Text(body, "status") is { } status and not "accepted")
        {
            pending.OnRefused($"{status}, {VerdictMessage.Text(body, "reason") ?? "no reason given"}");
        }
        else if (topic == "acquired")
        {
            pending.OnAcquired(VerdictMessage.Text(body, "frame_id"));
        }
        else if (topic == "results")
        {
            pending.OnRecord(VerdictMessage.Text(body, "verdict"));
        }
    }

    // A verdict or record must echo this PLC's epoch; an ack carries the trigger's id alone.
    private PendingPart? Pending(JsonElement body) =>
        VerdictMessage.Number(body, "plc_epoch") is { } epoch && epoch != Epoch ? null
        : VerdictMessage.Text(body, "trigger_id") is { } id ? _parts.GetValueOrDefault(id) : null;

    private T Guarded<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
