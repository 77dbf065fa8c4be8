using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Triggers;

/// <summary>A station's way to its broker: the connection of the moment, or none. Nothing is kept for later here; that is the store's part.</summary>
internal sealed class StationLink(string station, ILogger<StationLink> log)
{
    private volatile IMessageBus? _bus;

    /// <summary>Raised when a connection is there and the backlog it brought is through.</summary>
    public event Action? Up;

    public bool IsUp => _bus is not null;

    public void Attach(IMessageBus bus) => _bus = bus;

    public void Announce() => Up?.Invoke();

    public void Detach() => _bus = null;

    /// <summary>Publishes and waits for the broker. False where it did not take the message before <paramref name="cancellationToken"/> was cancelled.</summary>
    public async Task<bool> TryPublishAsync(BusMessage message, CancellationToken cancellationToken)
    {
        if (_bus is not { } bus)
        {
            return false;
        }

        try
        {
            await bus.PublishAsync(message, cancellationToken);
            return true;
        }
        catch (MessageBusException e)
        {
            log.NotPublished(station, message.Topic, e.Message);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Publishes without waiting; for messages that nobody sends a second time.</summary>
    public void Post(BusMessage message) => _ = TryPublishAsync(message, CancellationToken.None);
}
