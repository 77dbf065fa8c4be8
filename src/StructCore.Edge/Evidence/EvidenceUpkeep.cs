using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Evidence;

/// <summary>Keeps the evidence folder clean: once what a crash left behind, then every minute what is too old or too much, the oldest first whatever its verdict.</summary>
internal sealed class EvidenceUpkeep(EvidenceArchive archive, TimeProvider time, ILogger<EvidenceUpkeep> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Between two batches, so that the disk is the inspections' first.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await TryAsync(SettleAsync, cancellationToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await TryAsync(DeleteDueAsync, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>What a crash left: rows without files, and files without rows.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var rows = archive.ForgetMissing();
        var (orphans, foreign) = (0, 0);
        foreach (var batch in archive.Files().Chunk(EvidenceArchive.Batch))
        {
            foreach (var path in batch)
            {
                var standing = archive.Settle(path);
                orphans += standing == FileStanding.Orphan ? 1 : 0;
                foreign += standing == FileStanding.Foreign ? 1 : 0;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        if (rows + orphans > 0)
        {
            log.EvidenceSettled(archive.Folder, rows, orphans);
        }

        if (foreign > 0)
        {
            log.ForeignEvidence(archive.Folder, foreign);
        }
    }

    /// <summary>What is past its age, then what is beyond the size.</summary>
    public async Task DeleteDueAsync(CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - TimeSpan.FromDays(archive.Options.MaxAgeDays);
        var deleted = await DeleteAsync(() => archive.DeleteOldest(f => f.WrittenAt < oldest), cancellationToken);
        deleted += await DeleteAsync(
            () =>
            {
                var excess = archive.Bytes - (long)(archive.Options.MaxGigabytes * 1e9);
                return archive.DeleteOldest(f => (excess -= f.Bytes) + f.Bytes > 0);
            },
            cancellationToken);
        if (deleted > 0)
        {
            log.EvidenceRetired(archive.Folder, deleted, archive.Bytes / 1_000_000);
        }
    }

    private async Task<int> DeleteAsync(Func<(int Files, long Bytes)> batch, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (batch() is { Files: > 0 } some)
        {
            deleted += some.Files;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return deleted;
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InspectionStoreException)
        {
            log.UpkeepFailed(archive.Folder, e.Message);
        }
    }
}
