using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;

namespace StructCore.Edge.BankUpdates.Activation;

internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Warning, "{Station}: message on {Topic} dropped: {Reason}")]
    public static partial void MessageDropped(this ILogger log, string station, string topic, string reason);

    [LoggerMessage(1201, LogLevel.Information, "{Station}: {Category} is decided by {Bank}, threshold {Threshold}: {Kind}; {Reason}")]
    public static partial void BankDecides(this ILogger log, string station, string category, string bank, float? threshold, BankEventKind kind, string? reason);

    [LoggerMessage(1202, LogLevel.Warning, "{Station}: instead of {Bank} {Former} decides; {Reason}")]
    public static partial void WentBack(this ILogger log, string station, string bank, string former, string reason);
}
