using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Inspection;

internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Error, "{Station}: inspection of trigger {TriggerId} failed")]
    public static partial void InspectionFailed(this ILogger log, Exception exception, string station, string triggerId);

    [LoggerMessage(301, LogLevel.Information, "{Station}: judges with {Banks}")]
    public static partial void BanksLoaded(this ILogger log, string station, string banks);
}
