using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Storage;

/// <summary>Removes what is past its age or beyond the size, at start and every hour, in small batches: a verdict waits for one batch at most.</summary>
/// <param name="session">How long any broker keeps triggers.</param>
internal sealed class RecordRetention(IInspectionStore store, StoreOptions options, TimeSpan session, TimeProvider time, ILogger<RecordRetention> log)
{
    private const int Batch = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Between two batches, so that the store is the inspections' first.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The youngest record that may go when brokers keep triggers this long, with a day to spare: a trigger that comes again must be known.</summary>
    public static TimeSpan LeastAge(TimeSpan session) => session + TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await PruneAsync(cancellationToken);
            }
            catch (InspectionStoreException e)
            {
                log.NotPruned(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var removed = await PruneAsync(TimeSpan.FromDays(options.MaxAgeDays), () => true, cancellationToken);
        removed += await PruneAsync(LeastAge(session), () => store.SizeBytes() > options.MaxMegabytes * 1_000_000L, cancellationToken);
        var megabytes = store.SizeBytes() / 1_000_000;
        if (removed > 0)
        {
            log.Pruned(removed, store.Ledger().AfterSequence, megabytes);
        }

        if (store.Records(0, 1) is [var oldest] && (megabytes >= options.MaxMegabytes || time.GetUtcNow() - oldest.DecidedAt > TimeSpan.FromDays(options.MaxAgeDays)))
        {
            log.CannotPrune(oldest.Sequence, oldest.Trigger.Station, oldest.DecidedAt, megabytes, options.MaxMegabytes);
        }
    }

    private async Task<int> PruneAsync(TimeSpan age, Func<bool> due, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (due() && store.Prune(time.GetUtcNow() - age, Batch) is > 0 and var batch)
        {
            removed += batch;
            await Task.Delay(Pause, time, cancellationToken);
        }

        return removed;
    }
}
