namespace StructCore.Edge.Triggers;

/// <summary>One MQTT message, either way.</summary>
public sealed record BusMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>QoS 1 unless said otherwise.</summary>
    public QualityOfService QualityOfService { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Outgoing: keep as the topic's last value. Incoming: it was published like that, whether it is fresh or the kept value.</summary>
    public bool Retain { get; init; }

    /// <summary>MQTT 5 Response Topic.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5 Correlation Data.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>MQTT 5 Message Expiry Interval, whole seconds on the wire; outgoing it is rounded down, but not below one: zero would mean for ever.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>MQTT 5 Content Type, <c>application/json</c> for all JSON bodies.</summary>
    public string? ContentType { get; init; }

    /// <summary>On the wire.</summary>
    internal uint? ExpirySeconds => Expiry is { } expiry ? (uint)Math.Clamp(expiry.TotalSeconds, 1, uint.MaxValue) : null;
}
