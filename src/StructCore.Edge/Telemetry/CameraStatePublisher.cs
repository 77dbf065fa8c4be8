using System.Threading.Channels;
using StructCore.Edge.Cameras;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>Publishes every change of every camera a station may use, retained; their counters at most every ten seconds.</summary>
internal sealed class CameraStatePublisher(IReadOnlyCollection<SharedCamera> cameras, StationLink link, Messages messages, TimeProvider time)
{
    private static readonly TimeSpan CounterInterval = TimeSpan.FromSeconds(10);

    // The oldest is dropped when nobody reads: the topics are retained, so that only the newest matters.
    private readonly Channel<(CameraStatus Status, bool Again)> _changes = Channel.CreateBounded<(CameraStatus, bool)>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var camera in cameras)
        {
            camera.Changed += () => _changes.Writer.TryWrite((camera.Status, true));
        }

        Announce();
        await using var refresh = time.CreateTimer(_ => Tell(again: false), null, CounterInterval, CounterInterval);
        var sent = new Dictionary<string, CameraStatus>();
        await foreach (var (status, again) in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            if ((again || sent.GetValueOrDefault(status.Id) != status) && await link.TryPublishAsync(messages.CameraState(status), cancellationToken))
            {
                sent[status.Id] = status;
            }
        }
    }

    /// <summary>Says everything once more, for a broker that may have something else.</summary>
    public void Announce() => Tell(again: true);

    /// <summary>The last word of a polite stop. After a crash the topics keep what was true then: they count only while <c>state</c> is not offline.</summary>
    public async Task SayOfflineAsync(CancellationToken cancellationToken)
    {
        foreach (var camera in cameras)
        {
            await link.TryPublishAsync(messages.CameraState(camera.Status with { State = CameraHealth.Offline, Failure = null, Since = time.GetUtcNow() }), cancellationToken);
        }
    }

    private void Tell(bool again)
    {
        foreach (var camera in cameras)
        {
            _changes.Writer.TryWrite((camera.Status, again));
        }
    }
}
