using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Storage;

internal static partial class Log
{
    [LoggerMessage(470, LogLevel.Information, "Store: removed {Count} records past MaxAgeDays or MaxMegabytes; the ledger begins behind record {Begin}, {Megabytes} MB are left")]
    public static partial void Pruned(this ILogger log, int count, long begin, long megabytes);

    [LoggerMessage(471, LogLevel.Warning, "Store: record {Sequence} of station {Station}, {DecidedAt:u}, should be removed by now and must stay, with all after it; the store takes {Megabytes} of {MaxMegabytes} MB. It waits for the broker, has evidence, or is younger than a broker keeps triggers: connect its station, shorten Evidence:MaxAgeDays, or raise Store:MaxMegabytes")]
    public static partial void CannotPrune(this ILogger log, long sequence, string station, DateTimeOffset decidedAt, long megabytes, int maxMegabytes);

    [LoggerMessage(472, LogLevel.Error, "Store: old records are not removed: {Reason}")]
    public static partial void NotPruned(this ILogger log, string reason);
}
