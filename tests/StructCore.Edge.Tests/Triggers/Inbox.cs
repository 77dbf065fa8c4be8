using System.Threading.Channels;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>What a bus received, in order.</summary>
internal sealed class Inbox
{
    private readonly Channel<BusMessage> _messages = Channel.CreateUnbounded<BusMessage>();

    public Inbox(IMessageBus bus) => bus.Received = m => _messages.Writer.TryWrite(m);

    public async Task<BusMessage> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(MessageBusContract.Patience);
}
