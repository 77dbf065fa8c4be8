using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Telemetry;

internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Warning, "Metrics and traces do not reach the collector {Endpoint}; inspections go on. Check that it runs, Telemetry:Otlp:Endpoint, Protocol and headers")]
    public static partial void NotExported(this ILogger log, Uri endpoint);

    [LoggerMessage(601, LogLevel.Information, "The collector {Endpoint} takes metrics and traces again")]
    public static partial void ExportedAgain(this ILogger log, Uri endpoint);
}
