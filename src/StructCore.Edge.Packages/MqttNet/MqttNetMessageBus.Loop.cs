using System.Diagnostics;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Packages.MqttNet;

/// <summary>The tasks of a bus: one reads, one writes what callers hand over, one writes the answers to the broker, one asks whether it lives.</summary>
internal sealed partial class MqttNetMessageBus
{
    private bool Start(BusConnection connection, MqttConnAckPacket answer)
    {
        MqttChannelAdapter channel;
        lock (_gate)
        {
            if (_endReason is not null)
            {
                return false;
            }

            _window = new SemaphoreSlim(answer.ReceiveMaximum is 0 or > LongestQueue ? LongestQueue : answer.ReceiveMaximum);
            _longestPacket = answer.MaximumPacketSize is 0 ? uint.MaxValue : answer.MaximumPacketSize;
            _usable = true;
            channel = _channel!;
        }

        var keepAlive = TimeSpan.FromSeconds(answer.ServerKeepAlive is 0 ? connection.KeepAliveSeconds : answer.ServerKeepAlive);
        _reading = Task.Run(() => UntilEndAsync(() => ReadAsync(connection, channel)));
        _ = Task.Run(() => UntilEndAsync(() => WriteAsync(channel)));
        _ = Task.Run(() => UntilEndAsync(() => WriteAnswersAsync(channel)));
        _ = Task.Run(() => UntilEndAsync(() => AskWhetherItLivesAsync(keepAlive)));
        return true;
    }

    /// <summary>The boundary of each task: whatever ends one ends the connection, a broker's malformed packet too.</summary>
    private async Task UntilEndAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            End(e.GetBaseException().Message);
        }
    }

    private async Task ReadAsync(BusConnection connection, MqttChannelAdapter channel)
    {
        while (await channel.ReceivePacketAsync(_life.Token).ConfigureAwait(false) is { } packet)
        {
            _heard = true;
            switch (packet)
            {
                case MqttPublishPacket message:
                    Receive(message);
                    await AcknowledgeAsync(message).ConfigureAwait(false);
                    break;
                case MqttPubAckPacket answer:
                    Answer(connection, answer.PacketIdentifier, answer.ReasonCode);
                    _window.Release();
                    break;
                case MqttSubAckPacket answer:
                    Answer(connection, answer.PacketIdentifier, answer.ReasonCodes[0]);
                    break;
                case MqttUnsubAckPacket answer:
                    Answer(connection, answer.PacketIdentifier, answer.ReasonCodes[0]);
                    break;
                case MqttDisconnectPacket end:
                    End($"{BusFailure.EndedByBroker}: {Packets.Reason(end.ReasonCode)}");
                    return;
            }
        }

        End(_leaving ? BusFailure.Left : BusFailure.EndedByBroker);
    }

    private void Receive(MqttPublishPacket message)
    {
        if (_life.IsCancellationRequested)
        {
            return;
        }

        try
        {
            _handlerThread = Environment.CurrentManagedThreadId;
            Received?.Invoke(Packets.Read(message));
        }
        catch (Exception exception)
        {
            // The boundary of this loop: one bad message must not end the connection.
            Trace.TraceError($"A handler of MQTT messages failed: {exception}");
        }
        finally
        {
            _handlerThread = 0;
        }
    }

    /// <summary>Waits where brokers send more before they have an answer than they may (mosquitto 2.0.11 does): the next message is not read until then.</summary>
    private async ValueTask AcknowledgeAsync(MqttPublishPacket message)
    {
        if (message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce && !_leaving)
        {
            try
            {
                await _answers.Writer.WriteAsync(new MqttPubAckPacket { PacketIdentifier = message.PacketIdentifier }, _life.Token).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Leaving: nothing may follow DISCONNECT, and the message comes again.
            }
        }
    }

    private void Answer(BusConnection connection, ushort number, Enum reason)
    {
        PendingAnswer? pending;
        lock (_gate)
        {
            if (!_numbered.Remove(number, out pending))
            {
                return;
            }

            _unanswered.Remove(pending);
        }

        pending.Answer(connection, Convert.ToInt32(reason, null), _ => Packets.Reason(reason));
    }

    private async Task WriteAsync(MqttChannelAdapter channel)
    {
        ushort last = 0;
        await foreach (var (packet, answer) in _outgoing.Reader.ReadAllAsync(_life.Token).ConfigureAwait(false))
        {
            var unnumbered = packet is MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtMostOnce };
            if (!unnumbered)
            {
                if (packet is MqttPublishPacket)
                {
                    await _window.WaitAsync(_life.Token).ConfigureAwait(false);
                }

                last = Number((MqttPacketWithIdentifier)packet, answer, last);
            }

            await channel.SendPacketAsync(packet, _life.Token).ConfigureAwait(false);
            if (unnumbered)
            {
                lock (_gate)
                {
                    _unanswered.Remove(answer);
                }

                answer.Handed();
            }
        }
    }

    /// <summary>The next number that no packet under way has.</summary>
    private ushort Number(MqttPacketWithIdentifier packet, PendingAnswer answer, ushort last)
    {
        lock (_gate)
        {
            do
            {
                last = last == ushort.MaxValue ? (ushort)1 : (ushort)(last + 1);
            }
            while (!_numbered.TryAdd(last, answer));
        }

        return packet.PacketIdentifier = last;
    }

    private async Task WriteAnswersAsync(MqttChannelAdapter channel)
    {
        await foreach (var packet in _answers.Reader.ReadAllAsync(_life.Token).ConfigureAwait(false))
        {
            await channel.SendPacketAsync(packet, _life.Token).ConfigureAwait(false);
        }

        // Completed by leaving: nothing may follow this packet, and the task that reads sees the broker close.
        await channel.SendPacketAsync(new MqttDisconnectPacket(), _life.Token).ConfigureAwait(false);
        await _reading.WaitAsync(LongestCleanUp, _life.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End(BusFailure.Left);
    }

    // By the system's uptime, and whether or not anything is published: a broker that hangs takes heartbeats all the same.
    private async Task AskWhetherItLivesAsync(TimeSpan keepAlive)
    {
        using var ticks = new PeriodicTimer(keepAlive);
        while (await ticks.WaitForNextTickAsync(_life.Token).ConfigureAwait(false))
        {
            if (!_heard)
            {
                End(BusFailure.KeepAliveExceeded);
                return;
            }

            _heard = false;
            _answers.Writer.TryWrite(MqttPingReqPacket.Instance);
        }
    }

    /// <summary>Ends the connection once, for one reason.</summary>
    private void End(string reason)
    {
        PendingAnswer[] unanswered;
        lock (_gate)
        {
            if (_endReason is not null)
            {
                return;
            }

            _endReason = reason;
            _usable = false;
            unanswered = [.. _unanswered];
            _unanswered.Clear();
            _numbered.Clear();

            // The socket is closed before anyone hears of it: a new bus with the same client id must not meet the old one.
            _socket?.Dispose();
        }

        _outgoing.Writer.TryComplete();
        _life.Cancel();
        _channel?.Dispose();
        foreach (var pending in unanswered)
        {
            pending.Fail(_connection!, reason);
        }

        _disconnected.TrySetResult(reason);
    }
}
