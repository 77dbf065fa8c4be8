using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Cameras;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Camera {Camera} works")]
    public static partial void CameraWorks(this ILogger log, string camera);

    [LoggerMessage(201, LogLevel.Warning, "Camera {Camera} failed, reopening until it works: {Reason}")]
    public static partial void CameraFailed(this ILogger log, string camera, string reason);

    [LoggerMessage(202, LogLevel.Warning, "Camera {Camera} is of no use: {Reason}")]
    public static partial void CameraDegraded(this ILogger log, string camera, string reason);
}
