using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Evidence;

internal static partial class Log
{
    [LoggerMessage(450, LogLevel.Warning, "{Station}: the images of record {Sequence} are not written yet, they wait in memory: {Reason}")]
    public static partial void EvidenceNotWritten(this ILogger log, string station, long sequence, string reason);

    [LoggerMessage(451, LogLevel.Error, "{Station}: images of REJECT and ERROR are lost: {Reason}")]
    public static partial void EvidenceLost(this ILogger log, string station, string reason);

    [LoggerMessage(452, LogLevel.Warning, "{Station}: evidence is written again, {Lost} images were lost meanwhile")]
    public static partial void EvidenceCaughtUp(this ILogger log, string station, long lost);

    [LoggerMessage(453, LogLevel.Warning, "{Station}: the images of {Count} records were not written to '{Folder}' before the agent ended")]
    public static partial void EvidenceLeft(this ILogger log, string station, int count, string folder);

    [LoggerMessage(454, LogLevel.Information, "Evidence in '{Folder}': forgot {Rows} images whose files are gone, deleted {Orphans} files that a crash left")]
    public static partial void EvidenceSettled(this ILogger log, string folder, int rows, int orphans);

    [LoggerMessage(455, LogLevel.Warning, "Evidence in '{Folder}': {Foreign} images belong to no record of this store and stay as they are; move them away or delete them")]
    public static partial void ForeignEvidence(this ILogger log, string folder, int foreign);

    [LoggerMessage(456, LogLevel.Information, "Evidence in '{Folder}': deleted {Count} images past MaxAgeDays or MaxGigabytes, {Megabytes} MB are left")]
    public static partial void EvidenceRetired(this ILogger log, string folder, int count, long megabytes);

    [LoggerMessage(457, LogLevel.Error, "Evidence in '{Folder}' cannot be tidied: {Reason}")]
    public static partial void UpkeepFailed(this ILogger log, string folder, string reason);

    [LoggerMessage(458, LogLevel.Warning, "The disk is nearly full: deleted {Count} of the oldest images in '{Folder}'; {FreeMegabytes} MB were free, {MinFreeMegabytes} must be")]
    public static partial void RoomMade(this ILogger log, string folder, int count, long freeMegabytes, long minFreeMegabytes);

    [LoggerMessage(459, LogLevel.Error, "No room can be made on the disk: {Reason}")]
    public static partial void NoRoomMade(this ILogger log, string reason);

    [LoggerMessage(460, LogLevel.Warning, "Free disk space is not known: {Reason}")]
    public static partial void FreeSpaceUnknown(this ILogger log, string reason);

    [LoggerMessage(461, LogLevel.Error, "The disk is full, no trigger is accepted: {Reason}")]
    public static partial void DiskFull(this ILogger log, string reason);

    [LoggerMessage(462, LogLevel.Information, "There is space on the disk again")]
    public static partial void SpaceIsBack(this ILogger log);
}
