using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Drift;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "{Station}: accepted parts of {Bank} no longer look like its calibration images: {Reading}. " + DriftBody.Remedy)]
    public static partial void Suspected(this ILogger log, string station, string bank, string reading);

    [LoggerMessage(1301, LogLevel.Information, "{Station}: accepted parts of {Bank} look like its calibration images again: {Reading}")]
    public static partial void Gone(this ILogger log, string station, string bank, string reading);

    [LoggerMessage(1302, LogLevel.Warning, "{Station}: drift is watched from now on only, the records before cannot be read: {Reason}")]
    public static partial void NotResumed(this ILogger log, string station, string reason);
}
