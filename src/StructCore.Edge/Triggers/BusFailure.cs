using System.Net.Sockets;

namespace StructCore.Edge.Triggers;

/// <summary>What the user reads when the broker or the network says no, whichever library is behind the bus.</summary>
internal static class BusFailure
{
    public const string KeepAliveExceeded = "the broker did not answer within the keep-alive time";
    public const string EndedByBroker = "the broker ended the connection";
    public const string Left = "left";
    public const string Closed = "closed by this side";
    public const string NeverMade = "the connection was not made";

    /// <summary>From here on a reason of MQTT 5 is a refusal.</summary>
    private const int FirstRefusal = 128;

    public static bool IsRefusal(int reason) => reason >= FirstRefusal;

    /// <summary>A reason in words, as <see cref="Refused"/> and <see cref="PendingAnswer"/> want it.</summary>
    public static string Describe(string words, int reason) => $"{words.TrimEnd('.')} ({reason})";

    public static string Broker(BusConnection connection) => $"MQTT broker {connection.Host}:{connection.Port}";

    public static MessageBusException Unreachable(BusConnection connection, SocketException exception) => new(
        exception.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"{Broker(connection)}: the host name '{connection.Host}' is not known ({exception.Message}). Check the host name and the DNS server of this machine.",
            SocketError.ConnectionRefused =>
                $"{Broker(connection)}: connection refused. Check that the broker runs, that it listens on this address and port, and the firewall.",
            _ => $"{Broker(connection)} cannot be reached: {exception.Message}. Check the address, the cable and the firewall.",
        },
        exception);

    public static MessageBusException Silent(BusConnection connection, TimeSpan limit) => new(
        $"{Broker(connection)} did not answer within {limit.TotalSeconds:0.#} s. Check that an MQTT broker runs at this address, that the port is the one for {(connection.Tls is null ? "plain connections" : "TLS")}, and the firewall.");

    public static MessageBusException Refused(BusConnection connection, int reason, string description) => new(
        $"{Broker(connection)} refuses client '{connection.ClientId}' as {User(connection)}: {description}. {Remedy(reason)}");

    /// <summary>The connection ended between TCP and the broker's answer.</summary>
    public static MessageBusException NotMade(BusConnection connection, string reason, Exception? inner = null) => new(
        $"{Broker(connection)} ended the connection of client '{connection.ClientId}' ({User(connection)}) before answering: {reason.TrimEnd('.')}. "
        + (connection.Tls is null
            ? "Check that the port is the one for plain connections (TLS has another) and the broker's log."
            : "Check that the port is the one for TLS, that CaFile signed the broker's certificate and that it is issued for this host name, that the broker accepts the client certificate, and the broker's log."),
        inner);

    public static MessageBusException NotConnected(BusConnection? connection, string? reason) => new(
        connection is null ? "Not connected to an MQTT broker yet." : $"Not connected to {Broker(connection)}{(reason is null ? "" : $": {reason}")}.");

    public static MessageBusException NotDone(BusConnection connection, string what, string reason) => new(
        $"{Broker(connection)}: {what} failed for {User(connection)}: {reason.TrimEnd('.')}.");

    /// <summary>The files that TLS needs, looked for before a library fails over them in its own words.</summary>
    public static void RequireFiles(BusConnection connection, BusTls tls)
    {
        if (tls.CertificateFile is null != tls.KeyFile is null)
        {
            throw new MessageBusException($"{Broker(connection)}: TLS needs CertificateFile and KeyFile together, or neither.");
        }

        foreach (var (name, path) in new[] { ("CaFile", tls.CaFile), ("CertificateFile", tls.CertificateFile), ("KeyFile", tls.KeyFile) })
        {
            if (path is not null && !File.Exists(path))
            {
                throw new MessageBusException($"{Broker(connection)}: the TLS file {name} '{path}' does not exist or may not be read. Check the path and its permissions.");
            }
        }
    }

    /// <summary>MQTT frames strings with their length, yet forbids this one character; libraries cut off there.</summary>
    public static void RefuseZero(string topic)
    {
        if (topic.Contains('\0'))
        {
            throw new ArgumentException($"The topic '{topic.Replace("\0", "\\0")}' holds a zero character.", nameof(topic));
        }
    }

    /// <summary>MQTT has 16 bits for the length of a string or of binary data.</summary>
    public static void RefuseTooLong(int bytes, string what)
    {
        if (bytes > ushort.MaxValue)
        {
            throw new ArgumentException($"The {what} of a message has {bytes} bytes; MQTT allows {ushort.MaxValue}.");
        }
    }

    private static string User(BusConnection connection) => connection.UserName is { } name ? $"user '{name}'" : "anonymous user";

    private static string Remedy(int reason) => reason switch
    {
        132 => "The broker does not speak MQTT 5; use one that does (mosquitto 2.0 or newer).",
        133 => "Check the client id.",
        134 or 135 => "Check user name, password and client certificate, and the broker's password and ACL files.",
        136 or 137 => "The broker is overloaded or shutting down; see its log.",
        _ => "See the broker's log.",
    };
}
