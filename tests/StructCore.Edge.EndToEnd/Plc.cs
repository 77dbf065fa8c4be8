using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests;

/// <summary>A PLC on the real broker: sends triggers, keeps everything the station says.</summary>
internal sealed class Plc : IAsyncDisposable
{
    /// <summary>Of station <c>one</c>, the only one in most tests.</summary>
    public const string Root = "sc/v1/s/l/one/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly int _port;
    private readonly string _root;
    private readonly Lock _gate = new();
    private readonly List<Arrival> _received = [];
    private int _commands;
    private IMessageBus _bus = new MosquittoMessageBus();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Plc(int port, string root) => (_port, _root) = (port, root);

    /// <summary>The PLC's own clock, which nothing moves.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public static async Task<Plc> ConnectAsync(int port, string root = Root)
    {
        var plc = new Plc(port, root);
        await plc.ConnectAsync();
        return plc;
    }

    /// <summary>Takes its session up again after the broker was away.</summary>
    public async Task ReconnectAsync()
    {
        await _bus.DisposeAsync();
        _bus = new MosquittoMessageBus();
        await ConnectAsync();
    }

    public Task TriggerAsync(string id, string more = "") => SendAsync($$"""{"plc_epoch": 1, "trigger_id": "{{id}}"{{more}}}""");

    public Task SendAsync(string payload, bool retain = false) => SendAsync(Encoding.UTF8.GetBytes(payload), retain);

    public Task SendAsync(byte[] payload, bool retain = false) => PublishAsync("trigger", payload, retain);

    /// <summary>Says anything to the station.</summary>
    public Task PublishAsync(string topic, byte[] payload, bool retain = false) => _bus.PublishAsync(new BusMessage(_root + topic, payload) { Retain = retain }, default);

    /// <summary>Gives a command and waits for its answer.</summary>
    public async Task<JsonElement> CommandAsync(string name, string body) => await WaitAsync(await OrderAsync(name, body), _ => true);

    /// <summary>Gives a command; the topic of its answer.</summary>
    public async Task<string> OrderAsync(string name, string body)
    {
        var answers = $"response/plc/{Interlocked.Increment(ref _commands)}";
        await _bus.PublishAsync(new BusMessage($"{_root}command/{name}", Encoding.UTF8.GetBytes(body)) { ResponseTopic = _root + answers }, default);
        return answers;
    }

    public IReadOnlyList<JsonElement> All(string topic) => [.. Arrivals(topic).Select(a => a.Body)];

    /// <summary>The same with the time of each; what is not JSON is a JSON string here.</summary>
    public IReadOnlyList<Arrival> Arrivals(string topic)
    {
        lock (_gate)
        {
            return [.. _received.Where(m => m.Topic == _root + topic)];
        }
    }

    /// <summary>Every message so far, in order.</summary>
    public IReadOnlyList<Arrival> Everything()
    {
        lock (_gate)
        {
            return [.. _received];
        }
    }

    /// <summary>Waits until a trigger was answered like this; the reason, if there is one.</summary>
    public async Task<string?> AckAsync(string id, string status)
    {
        var ack = await WaitAsync("ack", a => IsOf(a, id) && a.GetProperty("status").GetString() == status);
        return ack.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    /// <summary>Waits for the next message that satisfies the condition, or finds one that came already.</summary>
    public async Task<JsonElement> WaitAsync(string topic, Func<JsonElement, bool> condition)
    {
        JsonElement[] matching = [];
        if (!await UntilAsync(() => (matching = [.. All(topic).Where(condition)]).Length > 0, Patience))
        {
            Assert.Fail($"No such message on '{topic}'. There came: {string.Join('\n', All(topic))}");
        }

        return matching[0];
    }

    /// <summary>Waits until the messages that came satisfy the condition; false where they do not in time.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return true;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    public Task<JsonElement> VerdictAsync(string id) => WaitAsync("verdict", v => IsOf(v, id));

    public Task<JsonElement> ResultAsync(string id) => WaitAsync("results", v => IsOf(v, id));

    public Task<JsonElement> StateAsync(string state) => WaitAsync("state", s => s.GetProperty("state").GetString() == state);

    public Task<JsonElement> ReadyAsync(long agentEpoch) =>
        WaitAsync("state", s => s.GetProperty("state").GetString() == "ready" && s.GetProperty("agent_epoch").GetInt64() == agentEpoch);

    public static bool IsOf(JsonElement body, string id) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty("trigger_id", out var trigger) && trigger.GetString() == id;

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private async Task ConnectAsync()
    {
        _bus.Received = Receive;
        await _bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = _port, ClientId = $"plc of {_root}" }, default);
        await _bus.SubscribeAsync(_root + "#", QualityOfService.AtLeastOnce, default);
    }

    private void Receive(BusMessage message)
    {
        var at = Now;
        var body = message.ContentType == "application/json"
            ? JsonDocument.Parse(message.Payload.ToArray()).RootElement
            : JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(message.Payload.Span));
        lock (_gate)
        {
            _received.Add(new(message.Topic, body, at));
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
