using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Operator;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "HTTP on {Address}:{Port}")]
    public static partial void Listening(this ILogger log, string address, int port);
}
