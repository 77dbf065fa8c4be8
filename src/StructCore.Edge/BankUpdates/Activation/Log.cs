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

    [LoggerMessage(1203, LogLevel.Information, "Trust document {Version} counts, until {Expires:u}: {Reason}")]
    public static partial void TrustChanged(this ILogger log, int version, DateTimeOffset expires, string reason);

    [LoggerMessage(1204, LogLevel.Information, "{Station}: update {Kind} {Category} {Version}: {Stage}; {Reason}")]
    public static partial void StageReached(this ILogger log, string station, UpdateKind kind, string? category, int? version, UpdateStage stage, string? reason);

    [LoggerMessage(1205, LogLevel.Warning, "{Station}: '{Bank}' is let through by an override: {Reason}; signed by {Keys}")]
    public static partial void OverrideUsed(this ILogger log, string station, string bank, string reason, string keys);

    [LoggerMessage(1206, LogLevel.Error, "{Station}: '{Bank}' should give way and cannot; {Reason} Publish a newer version")]
    public static partial void CannotGoBack(this ILogger log, string station, string bank, string reason);

    [LoggerMessage(1207, LogLevel.Error, "{Station}: what came of the update of {Category} is not in the history: {Reason}")]
    public static partial void NotStored(this ILogger log, string station, string category, string reason);

    [LoggerMessage(1209, LogLevel.Warning, "'{Path}' is not needed any more and cannot be deleted: {Reason}")]
    public static partial void NotDeleted(this ILogger log, string path, string reason);

    [LoggerMessage(1208, LogLevel.Error, "{Station}: update {Kind} {Category} failed")]
    public static partial void UpdateFailed(this ILogger log, Exception exception, string station, UpdateKind kind, string category);
}
