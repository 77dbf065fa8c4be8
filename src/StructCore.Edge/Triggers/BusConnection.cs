namespace StructCore.Edge.Triggers;

/// <summary>What one connection needs, secrets already resolved.</summary>
public sealed record BusConnection
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Fixed per station, so that the broker finds the session again.</summary>
    public required string ClientId { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Null: plain TCP.</summary>
    public BusTls? Tls { get; init; }

    /// <summary>At least 5 s; a connection without any sign of life for up to twice as long is lost.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the broker keeps the session of a client that is away; longer than the longest outage, or zero: it ends with the connection.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Largest packet the broker may send, in bytes; it drops what is larger, so that this process never holds it. Null: no limit.</summary>
    public int? MaximumPacketBytes { get; init; }

    /// <summary>Published by the broker when the connection dies.</summary>
    public BusMessage? Will { get; init; }

    /// <summary>On the wire.</summary>
    internal ushort KeepAliveSeconds => (ushort)Math.Min(Math.Ceiling(KeepAlive.TotalSeconds), ushort.MaxValue);

    /// <summary>On the wire.</summary>
    internal uint SessionExpirySeconds => (uint)Math.Clamp(Math.Ceiling(SessionExpiry.TotalSeconds), 0, uint.MaxValue);
}
