using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Triggers;

/// <summary>A station's way to its broker: the connection of the moment, or none. Nothing is kept for later here; that is the store's part.</summary>
internal sealed class StationLink(string station, TimeProvider time, ILogger<StationLink> log)
{
    // Breaking a connection off takes the bus a moment.
    private static readonly TimeSpan LongestLead = TimeSpan.FromMilliseconds(20);

    private volatile IMessageBus? _bus;

    /// <summary>Raised when a connection is there and the backlog it brought is through.</summary>
    public event Action? Up;

    /// <summary>The connection of the moment; null: none.</summary>
    public IMessageBus? Bus => _bus;

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

    /// <summary>
    /// Publishes a message that must not leave after its time. Where the broker has not acknowledged it shortly before, it may still lie
    /// in a queue of the library or the kernel and leave when a dead line comes back: the connection is broken off, and all that with it.
    /// </summary>
    /// <returns>Whether the broker acknowledged it in time.</returns>
    public async Task<bool> TryDeliverAsync(BusMessage message, TimeSpan remaining)
    {
        if (_bus is not { } bus)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(remaining - (remaining / 2 < LongestLead ? remaining / 2 : LongestLead), time);
        try
        {
            await bus.PublishAsync(message, limit.Token);
            return true;
        }
        catch (MessageBusException e)
        {
            log.NotPublished(station, message.Topic, e.Message);
        }
        catch (OperationCanceledException)
        {
            log.BrokenOff(station, message.Topic);
            await bus.DisposeAsync();
        }

        return false;
    }

    /// <summary>Publishes without waiting; for messages that nobody sends a second time.</summary>
    public void Post(BusMessage message) => _ = TryPublishAsync(message, CancellationToken.None);
}
