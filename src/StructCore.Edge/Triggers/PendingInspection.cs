using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Triggers;

/// <summary>An accepted trigger that is owed one verdict. Whoever decides first decides; everyone after is told so.</summary>
internal sealed class PendingInspection(AcceptedTrigger trigger, TimeSpan budget, TimeProvider time, long received)
{
    private readonly CancellationTokenSource _decided = new();
    private Outcome? _outcome;
    private ITimer? _deadline;
    private TimeSpan _margin;

    public AcceptedTrigger Trigger { get; } = trigger;

    public (string PlcEpoch, string TriggerId) Key => (Trigger.PlcEpoch, Trigger.TriggerId);

    /// <summary>MQTT 5 Response Topic of the trigger: a copy of the verdict goes there.</summary>
    public string? ResponseTopic { get; init; }

    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>What writing the acceptance to the store took.</summary>
    public TimeSpan AcceptTime { get; init; }

    /// <summary>The frame, once the camera gave one.</summary>
    public Frame? Frame { get; set; }

    /// <summary>When the trigger was received, on the monotonic clock.</summary>
    public long Received { get; } = received;

    /// <summary>Time since the trigger was received, on the monotonic clock: a step of the wall clock moves no deadline.</summary>
    public TimeSpan Age => time.GetElapsedTime(Received);

    /// <summary>Time left until the deadline; negative after it.</summary>
    public TimeSpan Remaining => budget - Age;

    /// <summary>Time left until it is decided whatever comes.</summary>
    public TimeSpan Undecided => Remaining - _margin;

    /// <summary>Cancelled once the outcome is decided: what still works on it may stop.</summary>
    public CancellationToken Decided => _decided.Token;

    /// <summary>The outcome; only to be read after it was decided.</summary>
    public Outcome Outcome => _outcome ?? throw new InvalidOperationException($"Trigger {Trigger.TriggerId} is not decided yet.");

    /// <summary>Claims the one outcome. False where somebody was faster; <paramref name="outcome"/> is then dropped.</summary>
    public bool TryDecide(Outcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, null) is not null)
        {
            return false;
        }

        Interlocked.Exchange(ref _deadline, null)?.Dispose();
        _decided.Cancel();
        return true;
    }

    /// <summary>Calls <paramref name="missed"/> when only <paramref name="margin"/> is left, unless it is decided by then.</summary>
    public void Watch(TimeSpan margin, Action<PendingInspection> missed)
    {
        _margin = margin;
        var due = Undecided;
        _deadline = time.CreateTimer(_ => missed(this), null, due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref _outcome) is not null)
        {
            Interlocked.Exchange(ref _deadline, null)?.Dispose();
        }
    }

    /// <summary>Lets go of the images: what is left is small, and kept until the deadline.</summary>
    public void Release()
    {
        Frame?.Dispose();
        _outcome!.Features?.Dispose();
        Frame = null;
        _outcome = _outcome! with { Scored = null, Bank = null, Features = null };
    }
}
