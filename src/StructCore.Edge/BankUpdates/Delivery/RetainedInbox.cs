using System.Threading.Channels;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>What a connection receives of retained messages.</summary>
internal sealed class RetainedInbox
{
    private readonly IMessageBus _bus;
    private readonly Channel<BusMessage> _received;

    /// <param name="bus">Not connected yet.</param>
    /// <param name="capacity">Messages that may wait. Older ones give way: what is retained is worth only as much as its newest value.</param>
    public RetainedInbox(IMessageBus bus, int capacity)
    {
        _bus = bus;
        _received = Channel.CreateBounded<BusMessage>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        bus.Received = message =>
        {
            if (message.Retain)
            {
                _received.Writer.TryWrite(message);
            }
        };
        _ = EndAsync();
    }

    /// <exception cref="MessageBusException">The connection was lost.</exception>
    public async Task<BusMessage> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _received.Reader.WaitToReadAsync(cancellationToken);
            if (_received.Reader.TryRead(out var message))
            {
                return message;
            }
        }
    }

    /// <summary>The message kept on <paramref name="topic"/>, waited for where there is none.</summary>
    /// <exception cref="MessageBusException">The connection was lost, or the broker refuses.</exception>
    public async Task<ReadOnlyMemory<byte>> TakeAsync(string topic, CancellationToken cancellationToken)
    {
        await _bus.SubscribeAsync(topic, QualityOfService.AtLeastOnce, cancellationToken);
        while (true)
        {
            var message = await NextAsync(cancellationToken);
            if (message.Topic == topic)
            {
                await _bus.UnsubscribeAsync(topic, cancellationToken);
                return message.Payload;
            }
        }
    }

    /// <summary>The message kept on <paramref name="topic"/>; null where there is none.</summary>
    /// <exception cref="MessageBusException">The connection was lost, or the broker refuses.</exception>
    public async Task<ReadOnlyMemory<byte>?> TryTakeAsync(string topic, CancellationToken cancellationToken)
    {
        await _bus.SubscribeAsync(topic, QualityOfService.AtLeastOnce, cancellationToken);
        await CatchUpAsync(topic, cancellationToken);

        // Not simply null: that would become empty memory.
        return _received.Reader.TryRead(out var message) && message.Topic == topic ? message.Payload : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Throws away what was received up to now.</summary>
    /// <exception cref="MessageBusException">The connection was lost.</exception>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await CatchUpAsync("nothing/was/subscribed", cancellationToken);
        while (_received.Reader.TryRead(out _))
        {
        }
    }

    // The broker's answer to this comes behind everything it kept.
    private Task CatchUpAsync(string topic, CancellationToken cancellationToken) => _bus.UnsubscribeAsync(topic, cancellationToken);

    private async Task EndAsync() => _received.Writer.TryComplete(new MessageBusException($"The connection to the broker was lost: {await _bus.Disconnected}."));
}
