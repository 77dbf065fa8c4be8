using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Sends every stored record to <c>results</c>, in order, until the broker has acknowledged it.</summary>
internal sealed class OutboxPublisher(string station, IInspectionStore store, StoreHealth health, StationLink link, Messages messages, ILogger<OutboxPublisher> log) : IDisposable
{
    private const int Batch = 64;

    // Held from storing a verdict until it is known whether it was delivered: a record is not read before that is settled.
    private readonly SemaphoreSlim _settled = new(1);

    // One place, further wakes are dropped: a wake means "look again", and one look sees everything.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Keeps the outbox unread until the result is disposed; wakes it then.</summary>
    public async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        await _settled.WaitAsync(cancellationToken);
        return new Hold(this);
    }

    /// <summary>Something was stored, or the broker is back.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Wake();
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                while (await PublishBatchAsync(cancellationToken))
                {
                }
            }
            catch (InspectionStoreException e)
            {
                health.Report(e);
                log.OutboxNotRead(station, e.Message);
            }
        }
    }

    /// <summary>Publishes what waits. True where there may be more and the broker takes it.</summary>
    public async Task<bool> PublishBatchAsync(CancellationToken cancellationToken)
    {
        if (!link.IsUp)
        {
            return false;
        }

        // Not HoldAsync, whose end would wake this loop for ever.
        IReadOnlyList<InspectionRecord> records;
        await _settled.WaitAsync(cancellationToken);
        try
        {
            records = store.Outbox(Batch, station);
        }
        finally
        {
            _settled.Release();
        }

        foreach (var record in records)
        {
            if (!await link.TryPublishAsync(messages.Result(record, late: !record.Delivered), cancellationToken))
            {
                return false;
            }

            KillPoint.Reach(KillStage.ResultPublished);
            store.Acknowledge([record.Sequence]);
        }

        return records.Count > 0;
    }

    public void Dispose() => _settled.Dispose();

    private sealed class Hold(OutboxPublisher owner) : IDisposable
    {
        public void Dispose()
        {
            owner._settled.Release();
            owner.Wake();
        }
    }
}
