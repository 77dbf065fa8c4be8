namespace StructCore.Edge.Downloads;

/// <summary>How far a download is, in bytes; the total is null where the server does not say.</summary>
internal readonly record struct DownloadState(long Received, long? Total);
