using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>Publishes every change of a station's state, retained.</summary>
internal sealed class StatePublisher(StationState state, StationLink link, Messages messages)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in state.Changes.ReadAllAsync(cancellationToken))
        {
            await link.TryPublishAsync(messages.State(change), cancellationToken);
        }
    }
}
