using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>One MQTT 5 connection over libmosquitto.</summary>
/// <remarks>
/// The bus runs <c>mosquitto_loop</c> on a thread of its own instead of <c>mosquitto_loop_start</c>, whose loop reconnects
/// by itself and sends again whatever was in flight: a verdict would leave late. Here the first error ends the thread, which
/// alone owns the native client and destroys it with everything queued in it.
/// The library queues the PUBACK of an incoming message before it calls <see cref="Received"/>, but the same thread writes
/// it only after the handler has returned: what a handler has not stored when the process dies comes again.
/// </remarks>
internal sealed partial class MosquittoMessageBus : IMessageBus
{
    private const int ShortestKeepAliveSeconds = 5;

    // Nothing but a packet wakes the library's wait, so this bounds how long leaving or disposing takes. A verdict that must not
    // leave late depends on it: StationLink breaks off 20 ms before the deadline.
    private const int LoopTimeoutMilliseconds = 10;

    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(2);

    // Guards the five fields below. The library's callbacks take it while the library holds its own locks, so nothing that waits
    // for the loop runs under it.
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PendingAnswer> _pending = [];
    private BusConnection? _connection;
    private nint _client;
    private bool _usable;
    private Thread? _thread;

    private readonly TaskCompletionSource<bool> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cleanedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GCHandle<MosquittoMessageBus> _self;
    private volatile bool _stop;
    private volatile bool _leave;
    private volatile string? _lastError;
    private volatile string? _endReason;

    public Action<BusMessage>? Received { get; set; }

    public Task<string> Disconnected => _disconnected.Task;

    /// <summary>How long the broker may take to answer.</summary>
    internal TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<bool> ConnectAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(connection.ClientId);
        ArgumentOutOfRangeException.ThrowIfLessThan(connection.KeepAlive, TimeSpan.FromSeconds(ShortestKeepAliveSeconds));
        lock (_gate)
        {
            if (_connection is not null || _stop)
            {
                throw new InvalidOperationException("A bus connects once; make a new one.");
            }

            _connection = connection;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTimeout);
        var done = false;
        try
        {
            await ReachAsync(connection, limit.Token).ConfigureAwait(false);
            Start(connection);
            var sessionPresent = await _connected.Task.WaitAsync(limit.Token).ConfigureAwait(false);
            done = true;
            return sessionPresent;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw BusFailure.Silent(connection, ConnectTimeout);
        }
        finally
        {
            if (!done)
            {
                await CloseAsync(BusFailure.NeverMade).ConfigureAwait(false);
            }
        }
    }

    public async Task SubscribeAsync(string topicFilter, QualityOfService qualityOfService, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        cancellationToken.ThrowIfCancellationRequested();
        await Hand($"subscribing to '{topicFilter}'", topicFilter, lowestAnswer: (int)qualityOfService, (nint client, out int messageId) =>
            MosquittoLibrary.Subscribe(client, out messageId, topicFilter, (int)qualityOfService, MosquittoLibrary.RetainAsPublished, properties: 0)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        cancellationToken.ThrowIfCancellationRequested();
        await Hand($"ending the subscription to '{topicFilter}'", topicFilter, lowestAnswer: 0, (nint client, out int messageId) =>
            MosquittoLibrary.Unsubscribe(client, out messageId, topicFilter, properties: 0)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A message that was handed over cannot be called back: cancelling ends the waiting only, disposing the bus drops what has not left yet.</remarks>
    public async Task PublishAsync(BusMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        await Hand($"publishing on '{message.Topic}'", message.Topic, lowestAnswer: 0, (nint client, out int messageId) => Publish(client, out messageId, message)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Task[] unanswered;
        lock (_gate)
        {
            if (!_usable)
            {
                return;
            }

            _usable = false;
            unanswered = [.. _pending.Values.Select(p => p.Done)];
        }

        // Once it is leaving, the library takes any further packet for an error, breaks off, and the broker sends the will: let the answers come first.
        await Task.WhenAll(unanswered).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        _leave = true;
        await Disconnected.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Breaks the connection off: what has not left yet never will, and the broker publishes the will unless <see cref="DisconnectAsync"/> came first.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync(BusFailure.Closed));

    internal void OnConnected(int reason, bool sessionPresent)
    {
        if (reason != 0)
        {
            _connected.TrySetException(BusFailure.Refused(_connection!, reason, MosquittoFailure.Describe(reason)));
            return;
        }

        lock (_gate)
        {
            _usable = true;
        }

        _connected.TrySetResult(sessionPresent);
    }

    internal void OnDisconnected(int reason) =>
        _endReason ??= reason switch
        {
            0 when _leave => BusFailure.Left,
            0 => BusFailure.EndedByBroker,
            MosquittoLibrary.SystemError => Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError()),
            _ => MosquittoFailure.Describe(reason),
        };

    internal void OnAnswered(int messageId, int answer)
    {
        PendingAnswer? pending;
        lock (_gate)
        {
            if (!_pending.Remove(messageId, out pending))
            {
                return;
            }
        }

        pending.Answer(_connection!, answer, MosquittoFailure.Describe);
    }

    internal unsafe void OnReceived(MosquittoMessage* message, nint properties)
    {
        if (_stop)
        {
            return;
        }

        try
        {
            Received?.Invoke(MosquittoProperties.Read(message, properties));
        }
        catch (Exception exception)
        {
            // The boundary of this loop: nothing may unwind through native frames, and one bad message must not end the connection.
            Trace.TraceError($"A handler of MQTT messages failed: {exception}");
        }
    }

    internal void OnError(string text) => _lastError = text;

    /// <summary>A connection of our own first: the library looks the name up and connects in calls that can be neither cancelled nor told apart.</summary>
    private static async Task ReachAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(connection.Host, connection.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw BusFailure.Unreachable(connection, exception);
        }
    }

    private static unsafe int Publish(nint client, out int messageId, BusMessage message)
    {
        using var properties = MosquittoProperties.ForMessage(message);
        fixed (byte* payload = message.Payload.Span)
        {
            return MosquittoLibrary.Publish(client, out messageId, message.Topic, message.Payload.Length, payload, (int)message.QualityOfService, message.Retain, properties.List);
        }
    }

    /// <summary>Hands a packet to the library; the task ends at the broker's answer.</summary>
    private Task Hand(string what, string topic, int lowestAnswer, Send send)
    {
        BusFailure.RefuseZero(topic);
        var pending = new PendingAnswer(what, lowestAnswer);
        lock (_gate)
        {
            if (!_usable)
            {
                throw BusFailure.NotConnected(_connection, _endReason);
            }

            // Under the gate, since the answer may be there before the call has returned its message id.
            var result = send(_client, out var messageId);
            if (result != MosquittoLibrary.Success)
            {
                throw BusFailure.NotDone(_connection!, what, MosquittoFailure.Describe(result));
            }

            _pending.Add(messageId, pending);
        }

        return pending.Done;
    }

    private delegate int Send(nint client, out int messageId);
}
