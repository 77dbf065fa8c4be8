using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Triggers;

/// <summary>Joins the share of a trigger topic while this agent is ready and leaves it otherwise, so that the others serve the line.</summary>
internal sealed class ShareMember(string station, StationTopics topics, StationState state, StationLink link, ILogger<ShareMember> log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    // One place, further wakes are dropped: a wake means "look again".
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private IMessageBus? _joined;

    /// <summary>State or connection have changed.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancellationToken))
        {
            await FollowAsync(cancellationToken);
        }
    }

    /// <summary>Brings the membership in line with the state, as far as the broker answers; after the agent began to stop, no more triggers come when this returns.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await ChangeAsync(cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception e) when (e is MessageBusException or OperationCanceledException)
        {
            log.NotPublished(station, topics.TriggerFilter, e.Message);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        // A connection that was lost took its membership with it: a shared session does not outlive it.
        if (link.Bus is not { } bus)
        {
            return;
        }

        var ready = state.Current.State is OperatingState.Ready or OperatingState.Executing;
        if (ready && _joined != bus)
        {
            await bus.SubscribeAsync(topics.TriggerFilter, QualityOfService.AtLeastOnce, cancellationToken);
            _joined = bus;
            log.Joined(station, topics.TriggerFilter);
        }
        else if (!ready && _joined == bus)
        {
            await bus.UnsubscribeAsync(topics.TriggerFilter, cancellationToken);
            _joined = null;
            log.Left(station, topics.TriggerFilter, state.Current.State);
        }
    }
}
