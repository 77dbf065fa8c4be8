using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Inspection;

/// <summary>The inspection loop of one station: one part after the other, whatever happens to each.</summary>
internal sealed class InspectionWorker(string station, ChannelReader<PendingInspection> queue, InspectionPipeline pipeline, PendingInspections pendings, StationState state, ILogger<InspectionWorker> log)
{
    private volatile PendingInspection? _current;

    /// <summary>The part in work is past its deadline: something does not come back.</summary>
    public bool IsStuck => _current is { } current && current.Remaining < TimeSpan.Zero;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var pending in queue.ReadAllAsync(cancellationToken))
        {
            // Its deadline ran out while it waited: the part is gone, a grab would show the next one.
            if (pending.Decided.IsCancellationRequested)
            {
                continue;
            }

            _current = pending;
            state.SetExecuting(true);
            await InspectAsync(pending);
            _current = null;
            if (queue.Count == 0)
            {
                state.SetExecuting(false);
            }
        }
    }

    private async Task InspectAsync(PendingInspection pending)
    {
        try
        {
            pendings.Decide(pending, await pipeline.InspectAsync(pending));
        }
        catch (OperationCanceledException) when (pending.Decided.IsCancellationRequested)
        {
            // Decided by the deadline meanwhile; what was left of the work is dropped.
        }
        catch (Exception e)
        {
            log.InspectionFailed(e, station, pending.Trigger.TriggerId);
            pendings.Decide(pending, Outcome.Error($"internal_error: {e.GetType().Name}, see the agent's log"));
        }
    }
}
