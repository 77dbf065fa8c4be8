using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The store in one LiteDB file: the agent's process alone writes it, one operation at a time.</summary>
internal sealed partial class LiteDbInspectionStore : IInspectionStore
{
    private readonly LiteDbFile _file;
    private readonly TimeProvider _time;
    private readonly StoreSession _session;

    /// <summary>Opens or creates the store.</summary>
    public LiteDbInspectionStore(string path, TimeProvider time)
    {
        (_file, _time) = (new LiteDbFile(path), time);
        _session = _file.Guard("opening", () => Open(_file));
    }

    private LiteDbInspectionStore(LiteDbFile file)
    {
        (_file, _time) = (file, TimeProvider.System);
        _session = _file.Guard("opening", () => new ReadingSession(_file));
    }

    /// <summary>One moment of a store that may be in use; every write fails.</summary>
    public static LiteDbInspectionStore OpenForReading(string path) => new(new LiteDbFile(path));

    /// <summary>For tests that make it fail.</summary>
    internal Journal Journal => ((WritingSession)_session).Journal;

    public long NextAgentEpoch() => Write("starting an agent epoch", store =>
    {
        store.Touch();
        return store.Next("epoch");
    });

    public bool TryAccept(AcceptedTrigger trigger) => Write("accepting a trigger", store =>
    {
        var key = Documents.KeyOf(trigger);
        if (store.Database.By(Collections.Accepted, Documents.Key, key).Any() || store.Database.By(Collections.Record, Documents.Key, key).Any())
        {
            return false;
        }

        var document = Documents.Of(trigger);
        document["_id"] = store.Next("last_accepted");
        store.Insert(Collections.Accepted, document);
        return true;
    });

    public InspectionRecord? Find(string station, string plcEpoch, string triggerId) => Read("finding a verdict", store =>
        store.By(Collections.Record, Documents.Key, Documents.Hash(station, plcEpoch, triggerId)).Select(Documents.Record).FirstOrDefault());

    public IReadOnlyList<AcceptedTrigger> Unanswered() => Read("listing unanswered triggers", store =>
        store.After(Collections.Accepted, 0, int.MaxValue).Select(Documents.Trigger).ToList());

    public InspectionRecord Complete(InspectionRecord record) => Write("storing a verdict", store =>
    {
        var accepted = store.Database.By(Collections.Accepted, Documents.Key, Documents.KeyOf(record.Trigger)).FirstOrDefault() ?? throw _file.Unanswerable(record.Trigger);
        record = LedgerHash.Chain(record with { Trigger = Documents.Trigger(accepted), Sequence = store.Next("last_sequence"), Delivered = false }, store.Agent.Text("last_hash")!);
        store.Agent["last_hash"] = record.Hash;
        store.Agent["outbox"] = store.Agent["outbox"].AsInt64 + 1;
        store.Insert(Collections.Record, Documents.Of(record));
        store.Insert(Collections.Outbox, new BsonDocument { ["_id"] = record.Sequence }.With("station", record.Trigger.Station));
        store.Delete(Collections.Accepted, accepted["_id"]);
        return record;
    });

    public IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null) => Read("reading the outbox", store =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var waiting = store.After(Collections.Outbox, 0, int.MaxValue).Where(w => station is null || w.Text("station") == station).Take(limit).ToList();
        return waiting.ConvertAll(w => Documents.Record(store.GetCollection(Collections.Record).FindById(w["_id"])));
    });

    public long OutboxSize() => Read("counting the outbox", store => store.Numbers()["outbox"].AsInt64);

    public void MarkDelivered(IReadOnlyCollection<long> sequences) => Write("marking verdicts as delivered", store =>
    {
        foreach (var sequence in sequences)
        {
            var record = store.Database.GetCollection(Collections.Record).FindById(sequence) ?? throw _file.Unmarkable(sequence);
            record["delivered"] = true;
            store.Upsert(Collections.Record, record);
        }

        return sequences.Count;
    });

    public void Acknowledge(IReadOnlyCollection<long> sequences) => Write("taking records out of the outbox", store =>
    {
        var gone = sequences.Count(sequence => store.Delete(Collections.Outbox, sequence));
        store.Agent["outbox"] = store.Agent["outbox"].AsInt64 - gone;
        return gone;
    });

    public void Dispose() => _session.Dispose();

    private static WritingSession Open(LiteDbFile file)
    {
        var session = new WritingSession(file);
        if (!session.IsMostlyFree)
        {
            return session;
        }

        session.Dispose();
        StoreCompaction.Run(file);
        return new WritingSession(file);
    }

    private T Write<T>(string what, Func<StoreTransaction, T> operation) => _file.Guard(what, () => _session.Write(operation));

    private T Read<T>(string what, Func<LiteDatabase, T> operation) => _file.Guard(what, () => _session.Read(operation));
}
