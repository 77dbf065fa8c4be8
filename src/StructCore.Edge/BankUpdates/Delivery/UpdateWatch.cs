using StructCore.Edge.Triggers;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>Listens to what stations say about an update.</summary>
internal sealed class UpdateWatch : IAsyncDisposable
{
    // More than stations say while one word is dealt with; what is lost beyond is old.
    private const int Waiting = 1000;

    private readonly IMessageBus _bus;
    private readonly RetainedInbox _inbox;

    private UpdateWatch(IMessageBus bus) => (_bus, _inbox) = (bus, new RetainedInbox(bus, Waiting));

    /// <param name="bus">Not connected yet; belongs to the watch from now on.</param>
    /// <param name="topics">The stations' <c>update/state</c>.</param>
    public static async Task<UpdateWatch> StartAsync(IMessageBus bus, BusConnection connection, IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        var watch = new UpdateWatch(bus);
        try
        {
            await bus.ConnectAsync(connection, cancellationToken);
            foreach (var topic in topics)
            {
                await bus.SubscribeAsync(topic, QualityOfService.AtLeastOnce, cancellationToken);
            }

            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>What was said up to now is about something published earlier.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => _inbox.ClearAsync(cancellationToken);

    /// <summary>The next word about <paramref name="subject"/>, and the topic it was said on.</summary>
    /// <exception cref="MessageBusException">The connection was lost.</exception>
    public async Task<(string Topic, UpdateWord Word)> NextAsync(UpdateSubject subject, CancellationToken cancellationToken)
    {
        while (true)
        {
            var message = await _inbox.NextAsync(cancellationToken);
            if (UpdateWord.Parse(message.Payload.Span) is { } word && word.Subject == subject)
            {
                return (message.Topic, word);
            }
        }
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();
}
