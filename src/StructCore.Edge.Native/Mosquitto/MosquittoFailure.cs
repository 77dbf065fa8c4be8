using System.Net.Sockets;
using System.Runtime.InteropServices;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>What the user reads when the broker, the network or the library says no.</summary>
internal static class MosquittoFailure
{
    private const int KeepAliveExceeded = 19;

    /// <summary>From here on a reason is MQTT's refusal; below, it is the library's own error number.</summary>
    private const int FirstRefusal = 128;

    public static bool IsRefusal(int reason) => reason >= FirstRefusal;

    public static unsafe string Describe(int reason) => reason switch
    {
        MosquittoLibrary.SystemError => Marshal.GetLastPInvokeErrorMessage(),
        KeepAliveExceeded => "the broker did not answer within the keep-alive time",
        >= FirstRefusal => $"{MosquittoLibrary.Text(MosquittoLibrary.ReasonText(reason)).TrimEnd('.')} ({reason})",
        _ => MosquittoLibrary.Text(MosquittoLibrary.ErrorText(reason)).TrimEnd('.'),
    };

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

    public static MessageBusException Refused(BusConnection connection, int reason) => new(
        $"{Broker(connection)} refuses client '{connection.ClientId}' as {User(connection)}: {Describe(reason)}. {Remedy(reason)}");

    /// <summary>The connection ended between TCP and the broker's answer.</summary>
    public static MessageBusException NotMade(BusConnection connection, string reason) => new(
        $"{Broker(connection)} ended the connection of client '{connection.ClientId}' ({User(connection)}) before answering: {reason}. "
        + (connection.Tls is null
            ? "Check that the port is the one for plain connections (TLS has another) and the broker's log."
            : "Check that the port is the one for TLS, that CaFile signed the broker's certificate and that it is issued for this host name, that the broker accepts the client certificate, and the broker's log."));

    public static MessageBusException NotConnected(BusConnection? connection, string? reason) => new(
        connection is null ? "Not connected to an MQTT broker yet." : $"Not connected to {Broker(connection)}{(reason is null ? "" : $": {reason}")}.");

    public static MessageBusException NotDone(BusConnection connection, string what, string reason) => new(
        $"{Broker(connection)}: {what} failed for {User(connection)}: {reason}.");

    public static MessageBusException LibraryMissing(Exception inner) => new(
        $"The MQTT client library '{MosquittoLibrary.Name}' is missing. Install the package libmosquitto1 (scripts/setup does).", inner);

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
