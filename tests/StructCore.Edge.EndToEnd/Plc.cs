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
    private readonly IMessageBus _bus = new MosquittoMessageBus();
    private readonly string _root;
    private readonly Lock _gate = new();
    private readonly List<(string Topic, JsonElement Body)> _received = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Plc(string root) => _root = root;

    public static async Task<Plc> ConnectAsync(int port, string root = Root)
    {
        var plc = new Plc(root);
        plc._bus.Received = plc.Receive;
        await plc._bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = port, ClientId = $"plc of {root}" }, default);
        await plc._bus.SubscribeAsync(root + "#", QualityOfService.AtLeastOnce, default);
        return plc;
    }

    public Task TriggerAsync(string id, string more = "") => SendAsync($$"""{"plc_epoch": 1, "trigger_id": "{{id}}"{{more}}}""");

    public Task SendAsync(string payload, bool retain = false) =>
        _bus.PublishAsync(new BusMessage(_root + "trigger", Encoding.UTF8.GetBytes(payload)) { Retain = retain }, default);

    public IReadOnlyList<JsonElement> All(string topic)
    {
        lock (_gate)
        {
            return [.. _received.Where(m => m.Topic == _root + topic).Select(m => m.Body)];
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
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            foreach (var body in All(topic).Where(condition))
            {
                return body;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No such message on '{topic}'. There came: {string.Join('\n', All(topic))}");
            }
        }
    }

    public Task<JsonElement> VerdictAsync(string id) => WaitAsync("verdict", v => IsOf(v, id));

    public Task<JsonElement> ResultAsync(string id) => WaitAsync("results", v => IsOf(v, id));

    public Task<JsonElement> StateAsync(string state) => WaitAsync("state", s => s.GetProperty("state").GetString() == state);

    public Task<JsonElement> ReadyAsync(long agentEpoch) =>
        WaitAsync("state", s => s.GetProperty("state").GetString() == "ready" && s.GetProperty("agent_epoch").GetInt64() == agentEpoch);

    public static bool IsOf(JsonElement body, string id) => body.TryGetProperty("trigger_id", out var trigger) && trigger.GetString() == id;

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private void Receive(BusMessage message)
    {
        if (message.ContentType != "application/json")
        {
            return;
        }

        lock (_gate)
        {
            _received.Add((message.Topic, JsonDocument.Parse(message.Payload.ToArray()).RootElement));
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
