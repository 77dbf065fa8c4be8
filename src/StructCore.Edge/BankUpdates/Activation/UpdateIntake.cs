using Microsoft.Extensions.Logging;
using StructCore.Edge.Triggers;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Takes messages about banks off the bus and keeps the newest of each topic until it is worked on: bounded in size and number, and never waits.</summary>
/// <param name="repeated">Called where a message came again that was worked on already; must return at once.</param>
internal sealed class UpdateIntake(string station, StationTopics topics, Action<UpdateKind, string> repeated, TimeProvider time, ILogger<UpdateIntake> log)
{
    /// <summary>Larger ones are dropped; the bus lets none through anyway.</summary>
    public const int MaxPayloadBytes = 128 * 1024;

    private const int MaxTopics = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<(UpdateKind Kind, string Category), Entry> _entries = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called on the bus's own thread.</summary>
    public void Receive(BusMessage message)
    {
        var key = message.Topic == topics.Trust ? (UpdateKind.Trust, "")
            : topics.ParseBank(message.Topic) is var (category, kind) && CategoryName.IsValid(category) ? (kind == "desired" ? UpdateKind.Bank : UpdateKind.Calibration, category)
            : default((UpdateKind, string)?);
        if (key is not { } known)
        {
            log.MessageDropped(station, message.Topic, "its category is no name of a product");
        }
        else if (message.Payload.Length > MaxPayloadBytes)
        {
            log.MessageDropped(station, message.Topic, $"it has {message.Payload.Length} bytes, at most {MaxPayloadBytes} are taken");
        }
        else if (Keep(known, message) is { } drop)
        {
            log.MessageDropped(station, message.Topic, drop);
        }
    }

    /// <summary>Waits for the next message that is due; trust comes first, then calibrations, then banks.</summary>
    /// <param name="mayBegin">Whether a category is free; asked again after <see cref="Wake"/>.</param>
    public async Task<UpdateRequest> TakeAsync(Func<string, bool> mayBegin, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan wait;
            lock (_gate)
            {
                var now = time.GetTimestamp();
                var waiting = _entries.Where(e => e.Value.State == EntryState.Waiting && mayBegin(e.Key.Category)).ToArray();
                if (waiting.Where(e => e.Value.Due <= now).OrderBy(e => e.Key.Kind).ThenBy(e => e.Value.Due).Select(e => (KeyValuePair<(UpdateKind Kind, string Category), Entry>?)e).FirstOrDefault() is var (key, entry))
                {
                    return entry.Begin(key.Kind, key.Category);
                }

                changed = _changed.Task;
                wait = waiting.Length == 0 ? Timeout.InfiniteTimeSpan : time.GetElapsedTime(now, waiting.Min(e => e.Value.Due));
            }

            try
            {
                await changed.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The next one is due.
            }
        }
    }

    /// <summary>Notes what came of a request; does nothing where it was superseded meanwhile.</summary>
    public void Settle(UpdateRequest request, Settlement settlement)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((request.Kind, request.Category), out var entry) && entry.IsWorkedOnAs(request))
            {
                entry.Settle(settlement, settlement.RetryIn is { } delay ? time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency) : 0);
            }

            SignalChange();
        }
    }

    /// <summary>Gives refused requests another attempt, since what they were refused for has changed.</summary>
    public void Reconsider(Func<UpdateKind, string, UpdateRefusal, bool> which)
    {
        lock (_gate)
        {
            foreach (var (_, entry) in _entries.Where(e => e.Value is { State: EntryState.Settled, Refusal: { } refusal } && which(e.Key.Kind, e.Key.Category, refusal)))
            {
                entry.Wait();
            }

            SignalChange();
        }
    }

    /// <summary>What decides in a category has changed: what came of its messages holds no more, should one of them come again.</summary>
    public void BanksChanged(string category)
    {
        lock (_gate)
        {
            foreach (var (_, entry) in _entries.Where(e => e.Key.Category == category))
            {
                entry.IsStale = true;
            }
        }
    }

    /// <summary>A category may have become free.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            SignalChange();
        }
    }

    private string? Keep((UpdateKind Kind, string Category) key, BusMessage message)
    {
        var again = false;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                if (message.Payload.IsEmpty)
                {
                    return null;
                }

                if (_entries.Count >= MaxTopics)
                {
                    return $"{MaxTopics} topics have messages already; clear those of categories that are no more";
                }

                _entries[key] = entry = new Entry();
            }

            if (entry.Has(message.Payload.Span))
            {
                again = entry is not { State: EntryState.Settled, IsStale: true };
                if (!again)
                {
                    entry.Wait();
                    SignalChange();
                }
            }
            else
            {
                entry.Replace(message.Payload.ToArray());
                if (message.Payload.IsEmpty)
                {
                    _entries.Remove(key);
                }

                SignalChange();
            }
        }

        if (again)
        {
            repeated(key.Kind, key.Category);
        }

        return null;
    }

    private void SignalChange() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private enum EntryState
    {
        Waiting,
        WorkedOn,
        Settled,
    }

    /// <summary>The newest message of a topic, and how far it is.</summary>
    private sealed class Entry
    {
        private byte[]? _payload;
        private CancellationTokenSource _superseded = new();

        public EntryState State { get; private set; }

        public long Due { get; private set; }

        public bool IsStale { get; set; }

        public UpdateRefusal? Refusal { get; private set; }

        public bool Has(ReadOnlySpan<byte> payload) => _payload is not null && payload.SequenceEqual(_payload);

        public bool IsWorkedOnAs(UpdateRequest request) => State == EntryState.WorkedOn && request.Superseded == _superseded.Token;

        public void Replace(byte[] payload)
        {
            var before = _superseded;
            (_payload, _superseded, State, Due) = (payload, new(), EntryState.Waiting, 0);

            // Not on the bus's thread: whoever is cancelled may go on with work of its own.
            _ = before.CancelAsync();
        }

        public UpdateRequest Begin(UpdateKind kind, string category)
        {
            State = EntryState.WorkedOn;
            return new(kind, category, _payload, _superseded.Token);
        }

        public void Settle(Settlement settlement, long due) =>
            (State, Due, Refusal, IsStale) = (settlement.RetryIn is null ? EntryState.Settled : EntryState.Waiting, due, settlement.Refusal, false);

        public void Wait() => (State, Due) = (EntryState.Waiting, 0);
    }
}
