using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Fakes;

/// <summary>A broker in memory: takes connections of one station, keeps what it was sent, plays the PLC.</summary>
internal sealed class FakeBroker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Below = ["camera", "bank", "update"];
    private readonly Lock _gate = new();
    private readonly List<BusMessage> _published = [];
    private readonly List<BusMessage> _kept = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeBus? _connected;

    /// <summary>Whether connections are refused.</summary>
    public bool Down { get; set; }

    /// <summary>Whether publishing is not acknowledged before <see cref="Acknowledge"/>.</summary>
    public bool Stalled { get; set; }

    /// <summary>Whether messages are kept although the station is there, as if they came while it was away.</summary>
    public bool Holding { get; set; }

    public bool HasSession { get; set; }

    public BusConnection? LastConnection { get; private set; }

    /// <summary>Which subscriptions are refused.</summary>
    public Func<string, bool> Forbidden { get; set; } = _ => false;

    /// <summary>Every subscription made and ended (<c>-</c>), in order.</summary>
    public ConcurrentQueue<string> Subscriptions { get; } = new();

    public IMessageBus CreateBus() => new FakeBus(this);

    public void Send(string topic, string payload, Func<BusMessage, BusMessage>? change = null) => Send(topic, Encoding.UTF8.GetBytes(payload), change);

    /// <summary>Acknowledges what was published while stalled, and is stalled no longer.</summary>
    public void Acknowledge()
    {
        Stalled = false;
        Interlocked.Exchange(ref _acknowledged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Delivers a message, or keeps it where the station is away.</summary>
    public void Send(string topic, byte[] payload, Func<BusMessage, BusMessage>? change = null)
    {
        var message = (change ?? (m => m))(new BusMessage(topic, payload));
        FakeBus? bus;
        lock (_gate)
        {
            bus = Holding ? null : _connected;
            if (bus is null)
            {
                _kept.Add(message);
            }
        }

        bus?.Received!(message);
    }

    public void Drop(string reason = "cut")
    {
        FakeBus bus;
        lock (_gate)
        {
            bus = _connected!;
            _connected = null;
        }

        bus.Lose(reason);
    }

    /// <summary>Everything published so far on topics that end like this; those of cameras, banks and updates only where they are named.</summary>
    public IReadOnlyList<BusMessage> Published(string topic)
    {
        lock (_gate)
        {
            return [.. _published.Where(m => m.Topic.EndsWith("/" + topic, StringComparison.Ordinal) && Below.All(b => m.Topic.Contains($"/{b}/", StringComparison.Ordinal) == topic.StartsWith(b + "/", StringComparison.Ordinal)))];
        }
    }

    public IReadOnlyList<JsonElement> Bodies(string topic) => [.. Published(topic).Select(Body)];

    /// <summary>Waits until a topic has so many messages that satisfy the condition; the last of them.</summary>
    public async Task<JsonElement> WaitAsync(string topic, Func<JsonElement, bool>? condition = null, int count = 1)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            var found = Bodies(topic).Where(condition ?? (_ => true)).ToArray();
            if (found.Length >= count)
            {
                return found[count - 1];
            }

            try
            {
                await changed.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                var all = string.Join('\n', _published.Select(m => $"{m.Topic} {Encoding.UTF8.GetString(m.Payload.Span)}"));
                Assert.Fail($"Waited for {count} on '{topic}'. Published:\n{all}");
            }
        }
    }

    /// <summary>Waits until this was subscribed to so often; <c>-</c> before it: unsubscribed.</summary>
    public async Task SubscribedAsync(string subscription, int count = 1)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (Subscriptions.Count(s => s == subscription) >= count)
            {
                return;
            }

            await changed.WaitAsync(Patience);
        }
    }

    private static JsonElement Body(BusMessage message) => JsonDocument.Parse(message.Payload).RootElement;

    private async Task PublishAsync(FakeBus bus, BusMessage message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_connected != bus)
            {
                throw new MessageBusException("not connected");
            }

            _published.Add(message);
            SignalChange();
        }

        if (Stalled)
        {
            if (await Task.WhenAny(bus.Disconnected, _acknowledged.Task).WaitAsync(cancellationToken) == bus.Disconnected)
            {
                throw new MessageBusException("lost before the acknowledgement");
            }
        }

        if (message.Topic.EndsWith("/agent/marker", StringComparison.Ordinal))
        {
            bus.Received!(message);
        }
    }

    private bool Connect(FakeBus bus, BusConnection connection)
    {
        BusMessage[] kept;
        bool session;
        lock (_gate)
        {
            if (Down)
            {
                throw new MessageBusException("no broker");
            }

            (session, HasSession) = (HasSession, true);
            (LastConnection, _connected) = (connection, bus);
            kept = [.. _kept];
            _kept.Clear();
        }

        foreach (var message in kept)
        {
            bus.Received!(message);
        }

        return session;
    }

    private Task NoteAsync(string subscription)
    {
        lock (_gate)
        {
            Subscriptions.Enqueue(subscription);
            SignalChange();
        }

        return Task.CompletedTask;
    }

    private void SignalChange()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Forget(FakeBus bus)
    {
        lock (_gate)
        {
            _connected = _connected == bus ? null : _connected;
        }
    }

    private sealed class FakeBus(FakeBroker broker) : IMessageBus
    {
        private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<BusMessage>? Received { get; set; }

        public Task<string> Disconnected => _lost.Task;

        public void Lose(string reason) => _lost.TrySetResult(reason);

        public Task<bool> ConnectAsync(BusConnection connection, CancellationToken cancellationToken) => Task.FromResult(broker.Connect(this, connection));

        public Task SubscribeAsync(string topicFilter, QualityOfService qualityOfService, CancellationToken cancellationToken) =>
            broker.Forbidden(topicFilter) ? throw new MessageBusException($"not allowed to subscribe to '{topicFilter}'") : broker.NoteAsync(topicFilter);

        public Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken) => broker.NoteAsync("-" + topicFilter);

        public Task PublishAsync(BusMessage message, CancellationToken cancellationToken) => broker.PublishAsync(this, message, cancellationToken);

        public Task DisconnectAsync(CancellationToken cancellationToken)
        {
            Lose("closed");
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            broker.Forget(this);
            Lose("disposed");
            return ValueTask.CompletedTask;
        }
    }
}
