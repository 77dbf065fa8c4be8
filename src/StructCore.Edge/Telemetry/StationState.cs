using System.Threading.Channels;

namespace StructCore.Edge.Telemetry;

/// <summary>The state machine of one station: what is true of it goes in, its operating state and every change of it come out.</summary>
internal sealed class StationState(long agentEpoch, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _faults = new(StringComparer.Ordinal);

    // The oldest change is dropped when nobody reads: the topic is retained, so that only the newest state matters.
    private readonly Channel<StateBody> _changes = Channel.CreateBounded<StateBody>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    private bool _warm;
    private bool _linked;
    private bool _stopping;
    private bool _executing;

    /// <summary>Raised at every change; must return at once.</summary>
    public event Action? Changed;

    public StateBody Current { get; private set; } = new(OperatingState.Preoperational, agentEpoch, time.GetUtcNow(), []);

    /// <summary>Every change, and the current state again where somebody announced it.</summary>
    public ChannelReader<StateBody> Changes => _changes.Reader;

    /// <summary>The body of the last will.</summary>
    public StateBody Offline => new(OperatingState.Offline, agentEpoch, time.GetUtcNow(), []);

    /// <summary>Why no trigger can be taken now; null where one can. A failed camera is no reason: each part gets its own ERROR.</summary>
    public string? NotReady
    {
        get
        {
            lock (_gate)
            {
                return _stopping ? "stopping: the agent is shutting down"
                    : !_warm ? "starting: the agent is not warmed up yet"
                    : _faults.TryGetValue(Fault.Store, out var reason) ? $"{Fault.Store}: {reason}"
                    : _faults.TryGetValue(Fault.DiskFull, out reason) ? $"{Fault.DiskFull}: {reason}"
                    : null;
            }
        }
    }

    public void SetWarm() => Change(() => _warm = true);

    public void SetLinked(bool linked) => Change(() => _linked = linked);

    public void SetExecuting(bool executing) => Change(() => _executing = executing);

    public void SetStopping() => Change(() => _stopping = true);

    /// <summary>Sets a fault, or clears it where <paramref name="text"/> is null.</summary>
    public void SetFault(string name, string? text) => Change(() =>
    {
        if (text is null)
        {
            _faults.Remove(name);
        }
        else
        {
            _faults[name] = text;
        }
    });

    /// <summary>Puts the current state into <see cref="Changes"/> once more, for a broker that may have another one.</summary>
    public void Announce()
    {
        lock (_gate)
        {
            _changes.Writer.TryWrite(Current);
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            var state = _stopping || !_warm ? OperatingState.Preoperational
                : _faults.Keys.Any(f => f != Fault.EvidenceLost) ? OperatingState.Error
                : !_linked ? OperatingState.Initialized
                : _executing ? OperatingState.Executing
                : OperatingState.Ready;
            var faults = _faults.Select(f => new Fault(f.Key, f.Value)).ToArray();
            if (state != Current.State || !faults.SequenceEqual(Current.Faults))
            {
                Current = new(state, agentEpoch, time.GetUtcNow(), faults);
                _changes.Writer.TryWrite(Current);
                Changed?.Invoke();
            }
        }
    }
}
