using System.Collections.Concurrent;
using System.Threading.Channels;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Triggers;

/// <summary>All verdicts a station owes: watches their deadlines and hands each on, decided, exactly once.</summary>
/// <param name="margin">How long before its deadline an undecided inspection becomes an ERROR, so that the ERROR still arrives in time.</param>
internal sealed class PendingInspections(TimeSpan margin)
{
    private readonly ConcurrentDictionary<PendingInspection, bool> _open = new();

    // Not bounded by itself: it never holds more than was accepted, and the intake's queue bounds that.
    private readonly Channel<PendingInspection> _decided = Channel.CreateUnbounded<PendingInspection>(new() { SingleReader = true });

    private volatile TaskCompletionSource? _drained;

    /// <summary>What is decided and waits to be stored and published.</summary>
    public ChannelReader<PendingInspection> Decided => _decided.Reader;

    /// <summary>Takes a promise on; <paramref name="missed"/> is the reason of the ERROR it ends with where nothing else decides in time.</summary>
    public void Add(PendingInspection pending, string missed)
    {
        _open[pending] = true;
        pending.Watch(margin, p => Decide(p, Outcome.Error(missed)));
    }

    /// <summary>Whether a verdict is owed for this trigger already.</summary>
    public bool Owes(string plcEpoch, string triggerId) => _open.Keys.Any(p => p.Trigger.PlcEpoch == plcEpoch && p.Trigger.TriggerId == triggerId);

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
            foreach (var pending in _open.Keys)
            {
                Decide(pending, Outcome.Error(reason));
            }

            await drained.Task;
        }
    }

    /// <summary>The promise is kept: stored, and published as far as that was possible.</summary>
    public void Close(PendingInspection pending)
    {
        _open.TryRemove(pending, out _);
        pending.Dispose();
        SignalIfDrained();
    }

    private void SignalIfDrained()
    {
        if (_open.IsEmpty)
        {
            _drained?.TrySetResult();
        }
    }
}
