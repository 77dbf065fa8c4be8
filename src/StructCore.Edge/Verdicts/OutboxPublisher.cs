using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Sends every stored record to <c>results</c>, in order and several at a time, until the broker has acknowledged it.</summary>
/// <param name="pause">Between two rounds, so that the records of many parts share their two writes.</param>
internal sealed class OutboxPublisher(string station, long agentEpoch, TimeSpan pause, IInspectionStore store, StoreHealth health, StationLink link, Messages messages, TimeProvider time, ILogger<OutboxPublisher> log)
{
    // Below the 20 unacknowledged messages a broker usually allows: a verdict must find room beside a long backlog.
    private const int Batch = 10;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly List<long> _delivered = [];
    private long _settled;

    // One place, further wakes are dropped: a wake means "look again", and one look sees everything.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>It is known whether this verdict was delivered, as it is of all before it.</summary>
    public void Settle(InspectionRecord record)
    {
        lock (_gate)
        {
            _settled = record.Sequence;
            if (record.Delivered)
            {
                _delivered.Add(record.Sequence);
            }
        }

        Wake();
    }

    /// <summary>Something is settled, or the broker is back.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Wake();

        // What is with the broker when the agent leaves is waited for a moment: given up, it would go out a second time.
        using var round = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var leave = cancellationToken.Register(() => round.CancelAfter(LastWait));
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancellationToken))
        {
            var rest = pause;
            try
            {
                await PublishAsync(round.Token);
            }
            catch (InspectionStoreException e)
            {
                health.Report(e);
                log.OutboxNotRead(station, e.Message);
                rest = RetryDelay;
                Wake();
            }

            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }

    /// <summary>The last word before the agent ends; what a failing store keeps back goes out when it starts again.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(cancellationToken);
        }
        catch (InspectionStoreException e)
        {
            log.OutboxNotRead(station, e.Message);
        }
    }

    /// <summary>Notes what was delivered and publishes all that waits and is settled, as far as the broker takes it.</summary>
    /// <exception cref="InspectionStoreException">The store failed; what was not noted is kept for the next call.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var settled = MarkDelivered();
        while (link.IsUp)
        {
            // Records of earlier runs are settled: whoever waited for their acknowledgement is gone.
            var records = store.Outbox(Batch, station).TakeWhile(r => r.Sequence <= settled || r.AgentEpoch != agentEpoch).ToArray();
            var taken = await Task.WhenAll(records.Select(r => link.TryPublishAsync(messages.Result(r, late: !r.Delivered), cancellationToken)));
            var acknowledged = records.Where((_, i) => taken[i]).Select(r => r.Sequence).ToArray();
            if (acknowledged.Length > 0)
            {
                // Ends the agent here, the results go out a second time after the restart.
                KillPoint.Reach(KillStage.ResultPublished);
                store.Acknowledge(acknowledged);
            }

            if (acknowledged.Length < Batch)
            {
                return;
            }
        }
    }

    /// <returns>The last record that may go out.</returns>
    private long MarkDelivered()
    {
        long settled;
        long[] delivered;
        lock (_gate)
        {
            (settled, delivered) = (_settled, [.. _delivered]);
        }

        if (delivered.Length > 0)
        {
            store.MarkDelivered(delivered);
            lock (_gate)
            {
                _delivered.RemoveRange(0, delivered.Length);
            }
        }

        return settled;
    }
}
