using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Evidence;

/// <summary>Watches the free space under store and evidence: short of it, the oldest evidence goes; when that does not help, the agent is not ready.</summary>
/// <param name="minFreeBytes">Below it space is short, until there is a quarter more than it.</param>
/// <param name="freeBytes">Free space of the volume a folder lies on; the real one is <see cref="FreeBytes"/>.</param>
internal sealed class DiskGuard(long minFreeBytes, string storeFolder, EvidenceArchive? archive, Func<string, long> freeBytes, TimeProvider time, ILogger<DiskGuard> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // One place, further wakes are dropped: one look serves them all.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _deleted;

    /// <summary>The failure came or went.</summary>
    public event Action? Changed;

    /// <summary>Why nothing more can be promised a place on the disk; null where it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>Images that were deleted to make room, since the start.</summary>
    public long Deleted => Interlocked.Read(ref _deleted);

    /// <summary>Of the volume on which a folder lies, or will lie.</summary>
    public static long FreeBytes(string folder)
    {
        var there = NearestFolder.Of(folder);
        return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(there)! : there).AvailableFreeSpace;
    }

    /// <summary>Looks at once: something could not be written.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, Interval);
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancellationToken))
        {
            Check();
        }
    }

    public void Check()
    {
        var failure = Failure;
        try
        {
            if (archive is not null)
            {
                MakeRoom(archive);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InspectionStoreException)
        {
            log.NoRoomMade(e.Message);
        }

        try
        {
            failure = Shortage(storeFolder) ?? (archive is null ? null : Shortage(archive.Folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.FreeSpaceUnknown(e.Message);
        }

        if (failure != Failure)
        {
            Failure = failure;
            if (failure is null)
            {
                log.SpaceIsBack();
            }
            else
            {
                log.DiskFull(failure);
            }

            Changed?.Invoke();
        }
    }

    // Store and evidence may share a volume: then both are short of space, and what is deleted here helps both.
    private void MakeRoom(EvidenceArchive evidence)
    {
        var free = freeBytes(evidence.Folder);
        if (free >= Enough)
        {
            return;
        }

        // Some file systems give space back only later: no more is deleted at once than is missing.
        var missing = Target - free;
        var files = 0;
        while (missing > 0 && evidence.DeleteOldest(f => (missing -= f.Bytes) + f.Bytes > 0) is { Files: > 0 } some)
        {
            files += some.Files;
        }

        if (files > 0)
        {
            Interlocked.Add(ref _deleted, files);
            log.RoomMade(evidence.Folder, files, free / 1_000_000, minFreeBytes / 1_000_000);
        }
    }

    private long Target => minFreeBytes + (minFreeBytes / 4);

    // Once short of space, it takes a little more to be out of it.
    private long Enough => Failure is null ? minFreeBytes : Target;

    private string? Shortage(string folder) => freeBytes(folder) < Enough
        ? $"less than {minFreeBytes / 1_000_000} MB are free under '{folder}' and no evidence is left to delete. Free some space, or lower Store:MinFreeMegabytes."
        : null;
}
