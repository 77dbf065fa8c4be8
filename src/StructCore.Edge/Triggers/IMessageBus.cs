namespace StructCore.Edge.Triggers;

/// <summary>
/// Seam: one MQTT 5 connection. A bus is connected once and thrown away when the connection is lost, so that nothing it
/// still held in flight can arrive late; whoever reconnects makes a new one.
/// </summary>
public interface IMessageBus : IAsyncDisposable
{
    /// <summary>
    /// Called on the bus's own thread for every message, in order; it must not block for long. Set it before <see cref="ConnectAsync"/>:
    /// a session that was found again delivers at once.
    /// </summary>
    Action<BusMessage>? Received { get; set; }

    /// <summary>Ends when the connection is lost or closed; its result says why.</summary>
    Task<string> Disconnected { get; }

    /// <summary>Connects and waits for the broker's answer.</summary>
    /// <returns>Whether the broker kept a session of this client id, with subscriptions and undelivered messages.</returns>
    /// <exception cref="MessageBusException">No broker, refused credentials, TLS failure; the message says which and what to check.</exception>
    Task<bool> ConnectAsync(BusConnection connection, CancellationToken cancellationToken);

    /// <summary>Subscribes and waits for the broker's answer. Messages come flagged as their sender retained them, also those that are fresh.</summary>
    /// <exception cref="MessageBusException">Not connected, or the broker refuses.</exception>
    Task SubscribeAsync(string topicFilter, QualityOfService qualityOfService, CancellationToken cancellationToken);

    /// <summary>Ends a subscription and waits for the broker's answer; what the broker sent before it has been received then.</summary>
    /// <exception cref="MessageBusException">Not connected.</exception>
    Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken);

    /// <summary>Publishes; ends when the broker acknowledged (QoS 1), or when the message was handed to the network (QoS 0).</summary>
    /// <exception cref="MessageBusException">Not connected, connection lost before the acknowledgement, or the broker refuses.</exception>
    Task PublishAsync(BusMessage message, CancellationToken cancellationToken);

    /// <summary>Waits for the answers that are out and leaves politely, so that the will is not sent. Disposing a bus that did not leave breaks the connection off.</summary>
    Task DisconnectAsync(CancellationToken cancellationToken);
}
