using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Operator;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "HTTP on {Address}:{Port}")]
    public static partial void Listening(this ILogger log, string address, int port);

    [LoggerMessage(501, LogLevel.Warning, "The service manager was not told {Message}: {Reason}. Without a sign of life it will restart the agent: check NOTIFY_SOCKET and the unit's NotifyAccess")]
    public static partial void ManagerNotTold(this ILogger log, string message, string reason);

    [LoggerMessage(700, LogLevel.Information, "{Station}: command {Command}: {Status}; {Reason}")]
    public static partial void Answered(this ILogger log, string station, string command, CommandStatus status, string? reason);

    [LoggerMessage(701, LogLevel.Warning, "{Station}: command {Command} dropped, nobody can be told: {Reason}")]
    public static partial void Dropped(this ILogger log, string station, string command, string reason);

    [LoggerMessage(702, LogLevel.Error, "{Station}: command {Command} failed")]
    public static partial void CommandFailed(this ILogger log, Exception exception, string station, string command);
}
