using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Triggers;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "{Station}: connected to {Broker}; {Session}")]
    public static partial void Connected(this ILogger log, string station, string broker, string session);

    [LoggerMessage(101, LogLevel.Warning, "{Station}: not connected, trying until it works: {Reason}")]
    public static partial void NotConnected(this ILogger log, string station, string reason);

    [LoggerMessage(102, LogLevel.Warning, "{Station}: connection lost: {Reason}")]
    public static partial void ConnectionLost(this ILogger log, string station, string reason);

    [LoggerMessage(103, LogLevel.Warning, "{Station}: not published on {Topic}: {Reason}")]
    public static partial void NotPublished(this ILogger log, string station, string topic, string reason);

    [LoggerMessage(104, LogLevel.Warning, "{Station}: trigger {TriggerId} refused: {Status}, {Reason}")]
    public static partial void TriggerRefused(this ILogger log, string station, string? triggerId, AckStatus status, string? reason);

    [LoggerMessage(107, LogLevel.Information, "{Station}: joined {Share}")]
    public static partial void Joined(this ILogger log, string station, string share);

    [LoggerMessage(109, LogLevel.Warning, "{Station}: the broker does not let this station hear of bank updates: {Reason}. Inspections go on; check its access rules")]
    public static partial void NoUpdates(this ILogger log, string station, string reason);

    [LoggerMessage(108, LogLevel.Information, "{Station}: left {Share}: {State}")]
    public static partial void Left(this ILogger log, string station, string share, Telemetry.OperatingState state);

    [LoggerMessage(106, LogLevel.Warning, "{Station}: connection broken off: the broker did not acknowledge '{Topic}' in time, and it must not arrive late")]
    public static partial void BrokenOff(this ILogger log, string station, string topic);

    [LoggerMessage(105, LogLevel.Warning, "{Station}: trigger {TriggerId} was queued while the agent was away and is past its deadline")]
    public static partial void BacklogMissed(this ILogger log, string station, string triggerId);
}
