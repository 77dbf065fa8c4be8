using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Verdicts;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Information, "{Station}: trigger {TriggerId}: {Decision} ({Reason}); category {Category}, score {Score}, threshold {Threshold}, {Milliseconds:F1} ms{Delivery}")]
    public static partial void Decided(this ILogger log, string station, string triggerId, Decision decision, string reason, string? category, float? score, float? threshold, double milliseconds, string delivery);

    [LoggerMessage(401, LogLevel.Error, "{Station}: not stored: {Reason}")]
    public static partial void NotStored(this ILogger log, string station, string reason);

    [LoggerMessage(402, LogLevel.Error, "{Station}: outbox not emptied, trying again in 5 s: {Reason}")]
    public static partial void OutboxNotRead(this ILogger log, string station, string reason);
}
