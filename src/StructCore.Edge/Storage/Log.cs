using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Storage;

internal static partial class Log
{
    [LoggerMessage(470, LogLevel.Information, "Store: removed {Count} records past MaxAgeDays or MaxMegabytes; the ledger begins behind record {Begin}, {Megabytes} MB are left")]
    public static partial void Pruned(this ILogger log, int count, long begin, long megabytes);

    [LoggerMessage(471, LogLevel.Warning, "Store: takes {Megabytes} MB, Store:MaxMegabytes is {MaxMegabytes}, and nothing may be removed: record {Sequence} of {DecidedAt:u}, station {Station}, waits for the broker, has evidence, or is younger than a broker keeps triggers. See that the station is connected, let Evidence:MaxAgeDays be shorter, or raise MaxMegabytes")]
    public static partial void CannotPrune(this ILogger log, long megabytes, int maxMegabytes, long sequence, DateTimeOffset decidedAt, string station);

    [LoggerMessage(472, LogLevel.Error, "Store: old records are not removed: {Reason}")]
    public static partial void NotPruned(this ILogger log, string reason);
}
