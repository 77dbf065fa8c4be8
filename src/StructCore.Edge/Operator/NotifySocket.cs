using System.Net.Sockets;
using System.Text;

namespace StructCore.Edge.Operator;

/// <summary>The socket on which systemd waits for word from its service, one datagram per message: see <c>sd_notify(3)</c>.</summary>
/// <param name="address">A path, or a name in the abstract namespace, which begins with <c>@</c>.</param>
internal sealed class NotifySocket(string address)
{
    private const string AddressVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(1);

    private readonly UnixDomainSocketEndPoint _manager = new(address.StartsWith('@') ? '\0' + address[1..] : address);

    /// <summary>Null where no service manager started this process.</summary>
    public static NotifySocket? FromEnvironment() =>
        Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address ? new(address) : null;

    /// <summary>The longest silence the manager bears; null where it does not watch, or watches another process.</summary>
    public static TimeSpan? Watchdog() =>
        long.TryParse(Environment.GetEnvironmentVariable(WatchdogVariable), out var microseconds) && microseconds > 0
        && (Environment.GetEnvironmentVariable(WatchdogProcessVariable) is not { Length: > 0 } process || process == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    /// <summary>Sends <c>NAME=value</c>; the value's line ends become blanks.</summary>
    /// <returns>Why the manager did not get it; null where it did.</returns>
    public string? Send(string name, string value)
    {
        try
        {
            // A socket per message: a manager that was replaced is found again.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)LongestSend.TotalMilliseconds };
            socket.Connect(_manager);
            socket.Send(Encoding.UTF8.GetBytes($"{name}={value.ReplaceLineEndings(" ")}"));
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }
}
