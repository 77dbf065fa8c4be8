using System.Collections.Concurrent;
using System.Threading.Channels;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Triggers;

/// <summary>All verdicts a station owes: watches their deadlines and hands each on, decided, exactly once.</summary>
/// <param name="margin">How long before its deadline an undecided inspection becomes an ERROR, so that the ERROR still arrives in time.</param>
internal sealed class PendingInspections(TimeSpan margin)
{
    private readonly ConcurrentDictionary<(string PlcEpoch, string TriggerId), PendingInspection> _owed = new();

    // Answered, but not past the deadline: a repeated trigger gets the verdict once more, by the monotonic clock.
    private readonly ConcurrentDictionary<(string PlcEpoch, string TriggerId), PendingInspection> _kept = new();

    // Not bounded by itself: it never holds more than was accepted, and the intake's queue bounds that.
    private readonly Channel<PendingInspection> _decided = Channel.CreateUnbounded<PendingInspection>(new() { SingleReader = true });

    private volatile TaskCompletionSource? _drained;

    /// <summary>What is decided and waits to be stored and published.</summary>
    public ChannelReader<PendingInspection> Decided => _decided.Reader;

    /// <summary>Takes a promise on; <paramref name="missed"/> is the reason of the ERROR it ends with where nothing else decides in time.</summary>
    public void Add(PendingInspection pending, string missed)
    {
        _owed[pending.Key] = pending;
        pending.Watch(margin, p => Decide(p, Outcome.Error(missed)));
    }

    /// <summary>Whether a verdict is owed for this trigger already.</summary>
    public bool Owes(string plcEpoch, string triggerId) => _owed.ContainsKey((plcEpoch, triggerId));

    /// <summary>Time left until the deadline of a trigger; zero where it is past, or was a former agent's.</summary>
    public TimeSpan Remaining(string plcEpoch, string triggerId) =>
        _owed.TryGetValue((plcEpoch, triggerId), out var pending) || _kept.TryGetValue((plcEpoch, triggerId), out pending) ? pending.Remaining : TimeSpan.Zero;

    /// <summary>Decides, unless that has happened. True for the one call that did.</summary>
    public bool Decide(PendingInspection pending, Outcome outcome) => pending.TryDecide(outcome) && _decided.Writer.TryWrite(pending);

    /// <summary>Waits until nothing is owed; what is not decided after <paramref name="grace"/> becomes an ERROR.</summary>
    public async Task DrainAsync(TimeSpan grace, string reason, TimeProvider time)
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _drained = drained;
        SignalIfDrained();
        try
        {
            await drained.Task.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            foreach (var pending in _owed.Values)
            {
                Decide(pending, Outcome.Error(reason));
            }

            await drained.Task;
        }
    }

    /// <summary>The promise is kept: stored, and published as far as that was possible.</summary>
    public void Close(PendingInspection pending)
    {
        _kept[pending.Key] = pending;
        _owed.TryRemove(pending.Key, out _);
        foreach (var (key, _) in _kept.Where(k => k.Value.Remaining <= TimeSpan.Zero))
        {
            _kept.TryRemove(key, out _);
        }

        SignalIfDrained();
    }

    private void SignalIfDrained()
    {
        if (_owed.IsEmpty)
        {
            _drained?.TrySetResult();
        }
    }
}
