using StructCore.Edge.Storage;

namespace StructCore.Tests.Fakes;

/// <summary>A store in memory that outlives the agents that use it and fails on request.</summary>
internal sealed class FakeStore : IInspectionStore
{
    public long BytesPerRecord { get; set; } = 1024;

    private readonly Lock _gate = new();
    private readonly List<AcceptedTrigger> _accepted = [];
    private readonly SortedDictionary<long, InspectionRecord> _records = [];
    private readonly SortedSet<long> _outbox = [];
    private readonly List<StoredCalibration> _calibrations = [];
    private readonly List<EvidenceFile> _evidence = [];
    private readonly Dictionary<(string, string), BankStanding> _standings = [];
    private readonly List<BankEvent> _events = [];
    private InspectionRecord? _pruned;
    private string? _trust;
    private TaskCompletionSource _evidenceAdded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _evidenceIds;
    private long _eventIds;
    private long _epoch;

    /// <summary>Why every write fails; null: none does.</summary>
    public string? Failure { get; set; }

    /// <summary>Why storing a standing fails; null: it does not.</summary>
    public string? StandingFailure { get; set; }

    /// <summary>Ends once a write has failed.</summary>
    public SemaphoreSlim Refused { get; } = new(0);

    /// <summary>How often something was written, checks aside.</summary>
    public int Transactions { get; private set; }

    /// <summary>Every trigger that was accepted, in order.</summary>
    public IReadOnlyList<AcceptedTrigger> Accepted => Locked(() => _accepted.ToArray());

    public IReadOnlyList<InspectionRecord> Records => Locked(() => _records.Values.ToArray());

    public long NextAgentEpoch() => Written(() => ++_epoch);

    public bool TryAccept(AcceptedTrigger trigger) => Written(() =>
    {
        if (_accepted.Any(t => Key(t) == Key(trigger)))
        {
            return false;
        }

        _accepted.Add(trigger);
        return true;
    });

    public InspectionRecord? Find(string station, string plcEpoch, string triggerId) =>
        Locked(() => _records.Values.FirstOrDefault(r => Key(r.Trigger) == (station, plcEpoch, triggerId)));

    public IReadOnlyList<AcceptedTrigger> Unanswered() => Locked(() => _accepted.Where(t => _records.Values.All(r => Key(r.Trigger) != Key(t))).ToArray());

    public InspectionRecord Complete(InspectionRecord record) => Written(() =>
    {
        if (_accepted.All(t => Key(t) != Key(record.Trigger)) || _records.Values.Any(r => Key(r.Trigger) == Key(record.Trigger)))
        {
            throw new InspectionStoreException($"trigger {record.Trigger.TriggerId} was never accepted or is answered already");
        }

        var newest = Newest;
        record = LedgerHash.Chain(record with { Sequence = newest.LastSequence + 1, Delivered = false }, newest.LastHash);
        _records[record.Sequence] = record;
        _outbox.Add(record.Sequence);
        return record;
    });

    /// <summary>How often the outbox was looked into.</summary>
    public int OutboxReads;

    public IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null)
    {
        Interlocked.Increment(ref OutboxReads);
        return ReadOutbox(limit, station);
    }

    private IReadOnlyList<InspectionRecord> ReadOutbox(int limit, string? station) =>
        Locked(() => _outbox.Select(s => _records[s]).Where(r => station is null || r.Trigger.Station == station).Take(limit).ToArray());

    public long OutboxSize() => Locked(() => (long)_outbox.Count);

    public void MarkDelivered(IReadOnlyCollection<long> sequences) => Written(() =>
    {
        foreach (var sequence in sequences)
        {
            _records[sequence] = _records[sequence] with { Delivered = true };
        }

        return 0;
    });

    public void Acknowledge(IReadOnlyCollection<long> sequences) => Written(() => _outbox.RemoveWhere(sequences.Contains));

    public IReadOnlyList<InspectionRecord> FindByTriggerId(string triggerId) => Locked(() => _records.Values.Where(r => r.Trigger.TriggerId == triggerId).Reverse().ToArray());

    IReadOnlyList<InspectionRecord> IInspectionStore.Records(long after, int limit) => Locked(() => _records.Values.Where(r => r.Sequence > after).Take(limit).ToArray());

    public LedgerState Ledger() => Locked(() => Newest);

    public int Prune(DateTimeOffset decidedBefore, int limit) => Written(() =>
    {
        var old = _records.Values.TakeWhile(r => r.DecidedAt < decidedBefore && !_outbox.Contains(r.Sequence) && _evidence.All(e => e.Sequence != r.Sequence)).Take(limit).ToArray();
        foreach (var record in old)
        {
            _records.Remove(record.Sequence);
            _accepted.Remove(record.Trigger);
            _pruned = record;
        }

        return old.Length;
    });

    public long SizeBytes() => Locked(() => _records.Count * BytesPerRecord);

    public IReadOnlyList<string> FindDamage() => [];

    public void Backup(string path) => throw new InspectionStoreException("a store in memory has no file to copy");

    public EvidenceFile AddEvidence(EvidenceFile file) => Written(() =>
    {
        _evidence.Add(file with { Id = ++_evidenceIds });
        _evidenceAdded.SetResult();
        _evidenceAdded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _evidence[^1];
    });

    /// <summary>Ends once there are so many images.</summary>
    public async Task EvidenceAsync(int count)
    {
        while (true)
        {
            var (there, added) = Locked(() => (_evidence.Count, _evidenceAdded.Task));
            if (there >= count)
            {
                return;
            }

            await added.WaitAsync(TimeSpan.FromSeconds(40));
        }
    }

    public IReadOnlyList<EvidenceFile> Evidence(long sequence) => Locked(() => _evidence.Where(e => e.Sequence == sequence).ToArray());

    public IReadOnlyList<EvidenceFile> OldestEvidence(int limit) => Locked(() => _evidence.Take(limit).ToArray());

    public void RemoveEvidence(IReadOnlyCollection<long> ids) => Written(() => _evidence.RemoveAll(e => ids.Contains(e.Id)));

    public long EvidenceBytes() => Locked(() => _evidence.Sum(e => e.Bytes));

    public void SaveCalibration(StoredCalibration calibration) => Written(() =>
    {
        _calibrations.Insert(0, calibration);
        return 0;
    });

    public IReadOnlyList<BankStanding> BankStandings() => Locked(() => _standings.Values.OrderBy(s => s.Station, StringComparer.Ordinal).ThenBy(s => s.Category, StringComparer.Ordinal).ToArray());

    public void SaveStanding(BankStanding standing, BankEvent? because) => Written(() =>
    {
        if (StandingFailure is { } reason)
        {
            throw new InspectionStoreException(reason);
        }

        _standings[(standing.Station, standing.Category)] = standing;
        AddEvent(because);
        return true;
    });

    public void AddBankEvent(BankEvent happened) => Written(() =>
    {
        AddEvent(happened);
        return true;
    });

    public IReadOnlyList<BankEvent> BankEvents(string? station, string? category, int limit) =>
        Locked(() => _events.Where(e => (station is null || e.Station == station) && (category is null || e.Category == category)).OrderByDescending(e => e.Id).Take(limit).ToArray());

    public string? TrustDocument() => Locked(() => _trust);

    public void SaveTrustDocument(string document, BankEvent because) => Written(() =>
    {
        _trust = document;
        AddEvent(because);
        return true;
    });

    private void AddEvent(BankEvent? happened)
    {
        if (happened is not null)
        {
            _events.Add(happened with { Id = ++_eventIds });
            var alike = _events.Where(e => e.Station == happened.Station && e.Kind == happened.Kind).ToArray();
            _events.RemoveAll(alike.SkipLast(BankEvent.Kept).Contains);
        }
    }

    public IReadOnlyList<StoredCalibration> Calibrations(string category) => Locked(() => _calibrations.Where(c => c.Category == category).ToArray());

    public void Check() => Written(() => Transactions--);

    public void Dispose()
    {
    }

    private LedgerState Newest
    {
        get
        {
            var (after, hash) = (_pruned?.Sequence ?? 0, _pruned?.Hash ?? LedgerHash.Genesis);
            return _records.Values.LastOrDefault() is { } last ? new(after, hash, last.Sequence, last.Hash) : new(after, hash, after, hash);
        }
    }

    private static (string Station, string PlcEpoch, string TriggerId) Key(AcceptedTrigger trigger) => (trigger.Station, trigger.PlcEpoch, trigger.TriggerId);

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private T Written<T>(Func<T> write) => Locked(() =>
    {
        Transactions++;
        if (Failure is null)
        {
            return write();
        }

        Refused.Release();
        throw new InspectionStoreException(Failure);
    });
}
