using System.Threading.Channels;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>Takes the retained messages of single topics, one topic at a time.</summary>
internal sealed class RetainedInbox
{
    private readonly IMessageBus _bus;

    // Bounded by nothing but the topic: one that is published again and again meanwhile gives way to its newest.
    private readonly Channel<BusMessage> _received = Channel.CreateBounded<BusMessage>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <param name="bus">Not connected yet.</param>
    public RetainedInbox(IMessageBus bus)
    {
        _bus = bus;
        bus.Received = message =>
        {
            if (message.Retain)
            {
                _received.Writer.TryWrite(message);
            }
        };
    }

    /// <summary>The message kept on <paramref name="topic"/>, waited for where there is none.</summary>
    /// <exception cref="MessageBusException">The connection was lost.</exception>
    public async Task<ReadOnlyMemory<byte>> TakeAsync(string topic, CancellationToken cancellationToken)
    {
        await _bus.SubscribeAsync(topic, QualityOfService.AtLeastOnce, cancellationToken);
        var message = await NextAsync(topic, cancellationToken);
        await _bus.UnsubscribeAsync(topic, cancellationToken);
        return message.Payload;
    }

    /// <summary>The message kept on <paramref name="topic"/>; null where there is none.</summary>
    public async Task<ReadOnlyMemory<byte>?> TryTakeAsync(string topic, CancellationToken cancellationToken)
    {
        await _bus.SubscribeAsync(topic, QualityOfService.AtLeastOnce, cancellationToken);

        // What the broker keeps comes before its answer to this.
        await _bus.UnsubscribeAsync(topic, cancellationToken);
        return _received.Reader.TryRead(out var message) && message.Topic == topic ? message.Payload : null;
    }

    private async Task<BusMessage> NextAsync(string topic, CancellationToken cancellationToken)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            var next = _received.Reader.ReadAsync(lost.Token).AsTask();
            if (await Task.WhenAny(next, _bus.Disconnected) != next)
            {
                await lost.CancelAsync();
                throw new MessageBusException($"the connection to the broker was lost ({await _bus.Disconnected}).");
            }

            if (await next is var message && message.Topic == topic)
            {
                return message;
            }
        }
    }
}
