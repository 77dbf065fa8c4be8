using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Packages.MqttNet;

/// <summary>One MQTT 5 connection over MQTTnet.</summary>
/// <remarks>
/// The bus uses MQTTnet's packet channel and not its client, which queues what comes without a bound, takes no notice of the broker's
/// Receive Maximum, and looks whether the broker lives only while nothing is published, by a clock that may be set.
/// One task reads: it hands a message to <see cref="Received"/>, then acknowledges it, then reads the next one, so that a handler that
/// is slow slows the broker down and what it has not stored when the process dies comes again. One task writes, in the callers' order.
/// </remarks>
internal sealed partial class MqttNetMessageBus : IMessageBus
{
    private const int ShortestKeepAliveSeconds = 5;
    private const int WriteBufferBytes = 4096;

    // Packets that wait to be written; when it is full callers wait, in their order.
    private const int LongestQueue = 64;

    // Messages the broker may send before it has an acknowledgement: what bounds the queue of acknowledgements.
    private const ushort ReceiveMaximum = 20;

    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(2);

    // Guards the fields below.
    private readonly Lock _gate = new();
    private readonly HashSet<PendingAnswer> _unanswered = [];
    private readonly Dictionary<ushort, PendingAnswer> _numbered = [];
    private BusConnection? _connection;
    private BrokerSocket? _socket;
    private bool _usable;
    private string? _endReason;

    private readonly Channel<(MqttPacket Packet, PendingAnswer Answer)> _outgoing = Channel.CreateBounded<(MqttPacket, PendingAnswer)>(new BoundedChannelOptions(LongestQueue) { SingleReader = true });
    private readonly Channel<MqttPacket> _answers = Channel.CreateBounded<MqttPacket>(new BoundedChannelOptions(ReceiveMaximum + 2) { SingleReader = true });
    private readonly CancellationTokenSource _life = new();
    private readonly TaskCompletionSource<string> _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttChannelAdapter? _channel;
    private SemaphoreSlim _window = new(1);
    private uint _longestPacket = uint.MaxValue;
    private Task _reading = Task.CompletedTask;
    private volatile bool _leaving;
    private volatile bool _heard = true;
    private volatile int _handlerThread;

    public Action<BusMessage>? Received { get; set; }

    public Task<string> Disconnected => _disconnected.Task;

    /// <summary>How long the broker may take to answer.</summary>
    internal TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public static string LibraryVersion() => typeof(MqttChannelAdapter).Assembly.GetName().Version!.ToString(3);

    public async Task<bool> ConnectAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(connection.ClientId);
        ArgumentOutOfRangeException.ThrowIfLessThan(connection.KeepAlive, TimeSpan.FromSeconds(ShortestKeepAliveSeconds));
        lock (_gate)
        {
            if (_connection is not null || _endReason is not null)
            {
                throw new InvalidOperationException("A bus connects once; make a new one.");
            }

            _connection = connection;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _life.Token);
        limit.CancelAfter(ConnectTimeout);
        var done = false;
        try
        {
            var answer = await AskAsync(connection, limit.Token).ConfigureAwait(false);
            if (answer.ReasonCode != MqttConnectReasonCode.Success)
            {
                throw BusFailure.Refused(connection, (int)answer.ReasonCode, Packets.Reason(answer.ReasonCode));
            }

            done = Start(connection, answer);
            return done ? answer.IsSessionPresent : throw BusFailure.NotConnected(connection, _endReason);
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            throw BusFailure.NotConnected(connection, _endReason);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw BusFailure.Silent(connection, ConnectTimeout);
        }
        finally
        {
            if (!done)
            {
                End(BusFailure.NeverMade);
            }
        }
    }

    public async Task SubscribeAsync(string topicFilter, QualityOfService qualityOfService, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        var what = $"subscribing to '{topicFilter}'";
        await HandAsync(Packets.Subscribe(Filter(what, topicFilter), qualityOfService), new PendingAnswer(what, (int)qualityOfService), cancellationToken).ConfigureAwait(false);
    }

    public async Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(topicFilter);
        var what = $"ending the subscription to '{topicFilter}'";
        await HandAsync(new MqttUnsubscribePacket { TopicFilters = [Filter(what, topicFilter)] }, new PendingAnswer(what, lowestAnswer: 0), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A message that was handed over cannot be called back: cancelling ends the waiting only, disposing the bus drops what has not left yet.</remarks>
    public async Task PublishAsync(BusMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var packet = Packets.Publish(message);
        var what = $"publishing on '{message.Topic}'";
        if (Packets.LongestSize(packet) > _longestPacket)
        {
            throw BusFailure.NotDone(_connection!, what, $"its {message.Payload.Length} bytes do not fit into a packet of {_longestPacket} bytes, the most the broker takes; raise the broker's limit (mosquitto: max_packet_size)");
        }

        await HandAsync(packet, new PendingAnswer(what, lowestAnswer: 0), cancellationToken).ConfigureAwait(false);
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
            unanswered = [.. _unanswered.Select(p => p.Done)];
        }

        await Task.WhenAll(unanswered).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        _leaving = true;
        _answers.Writer.TryComplete();
        await Disconnected.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Breaks the connection off: what has not left yet never will, and the broker publishes the will unless <see cref="DisconnectAsync"/> came first.</summary>
    public async ValueTask DisposeAsync()
    {
        End(BusFailure.Closed);
        if (_handlerThread != Environment.CurrentManagedThreadId)
        {
            // No handler runs any more once the bus is gone; the bound is for one that waits for whoever disposes.
            await _reading.WaitAsync(LongestCleanUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<MqttPacket> ReadAsync(MqttChannelAdapter channel, BusConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.ReceivePacketAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException)
        {
            throw BusFailure.NotMade(connection, e.GetBaseException().Message, e);
        }
    }

    /// <summary>Reaches the broker and asks it for the connection.</summary>
    private async Task<MqttConnAckPacket> AskAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        var socket = await BrokerSocket.ConnectAsync(connection, cancellationToken).ConfigureAwait(false);
        MqttChannelAdapter channel;
        lock (_gate)
        {
            _socket = socket;
            if (_endReason is not null)
            {
                socket.Dispose();
                throw new OperationCanceledException(_life.Token);
            }

            var formatter = new MqttPacketFormatterAdapter(MqttProtocolVersion.V500, new MqttBufferWriter(WriteBufferBytes, ushort.MaxValue));
            _channel = channel = new MqttChannelAdapter(new MqttTcpChannel(socket.Stream, null, null, null), formatter, MqttNetNullLogger.Instance);
        }

        try
        {
            await channel.SendPacketAsync(Packets.Connect(connection, ReceiveMaximum), cancellationToken).ConfigureAwait(false);
        }
        catch (MqttCommunicationException e)
        {
            throw BusFailure.NotMade(connection, e.GetBaseException().Message, e);
        }

        // MQTTnet answers with nothing where the waiting was cancelled, or where the broker closed.
        var packet = await ReadAsync(channel, connection, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return packet switch
        {
            MqttConnAckPacket answer => answer,
            null => throw BusFailure.NotMade(connection, BusFailure.EndedByBroker),
            _ => throw BusFailure.NotMade(connection, $"it answers with {packet.GetType().Name} instead of CONNACK"),
        };
    }

    private string Filter(string what, string filter)
    {
        try
        {
            return Packets.Filter(filter);
        }
        catch (MqttProtocolViolationException e) when (_connection is { } connection)
        {
            throw BusFailure.NotDone(connection, what, e.Message);
        }
    }

    /// <summary>Hands a packet to the task that writes; ends at the broker's answer.</summary>
    private async Task HandAsync(MqttPacket packet, PendingAnswer answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_usable)
            {
                throw BusFailure.NotConnected(_connection, _endReason);
            }

            _unanswered.Add(answer);
        }

        try
        {
            await _outgoing.Writer.WriteAsync((packet, answer), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _unanswered.Remove(answer);
            }

            throw;
        }
        catch (ChannelClosedException)
        {
            // The connection has ended, and whoever ended it says to the answer why.
        }

        await answer.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
