using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Operator;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "HTTP on {Address}:{Port}")]
    public static partial void Listening(this ILogger log, string address, int port);

    [LoggerMessage(501, LogLevel.Warning, "The service manager was not told {Message}: {Reason}. Without a sign of life it will restart the agent: check NOTIFY_SOCKET and the unit's NotifyAccess")]
    public static partial void ManagerNotTold(this ILogger log, string message, string reason);
}
