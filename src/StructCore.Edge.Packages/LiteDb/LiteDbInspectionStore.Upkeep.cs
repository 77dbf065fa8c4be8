using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <content>Whether the file is sound, how it is kept from growing for ever, and copies of it.</content>
internal sealed partial class LiteDbInspectionStore
{
    private const int FindingsListed = 10;

    // The PLC tells by the epoch that the agent is another: more than any agent starts between a backup and the day it is needed.
    private const long EpochsBetween = 1_000_000;

    /// <inheritdoc/>
    /// <remarks>Writes one document and waits for the disk; then brings the journal into the file.</remarks>
    public void Check()
    {
        _file.ThrowIfLost();
        Write("checking", store =>
        {
            store.Agent["checked_at"] = _time.GetUtcNow().UtcTicks;
            store.Touch();
            return true;
        });
        Checkpoint();
    }

    public int Prune(DateTimeOffset decidedBefore, int limit)
    {
        var removed = Write("removing old records", store => Prune(store, decidedBefore, limit));
        Checkpoint();
        return removed;
    }

    /// <inheritdoc/>
    /// <remarks>Without the pages that are free: LiteDB writes them anew before its file grows, but never gives them back.</remarks>
    public long SizeBytes() => _file.Guard("measuring the file", _session.SizeBytes);

    public IReadOnlyList<string> FindDamage() => _file.Guard<IReadOnlyList<string>>("checking the whole file", () =>
    {
        using var session = new ReadingSession(_file);
        var found = session.Pages.FindDamage(FindingsListed);
        return found.Count > 0 ? found : session.Read(Collections.Unreadable);
    });

    public void Backup(string path) => WholeCopy.Write(_file, path, copy =>
    {
        using (var session = new ReadingSession(_file))
        using (var target = PageFile.Open(copy))
        {
            target.Writable = true;
            session.Pages.CopyTo(target);
        }

        using var store = new LiteDbInspectionStore(copy, _time);
        store.Write("taking an epoch of its own", transaction =>
        {
            transaction.Agent["epoch"] = transaction.Agent["epoch"].AsInt64 + EpochsBetween;
            transaction.Touch();
            return true;
        });
    });

    private static int Prune(StoreTransaction store, DateTimeOffset decidedBefore, int limit)
    {
        // The chain is only ever cut at its beginning: the first record that must stay ends it.
        var old = store.Database.After(Collections.Record, 0, limit).Select(Documents.Record).TakeWhile(r => r.DecidedAt < decidedBefore && !IsNeeded(store, r.Sequence)).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        foreach (var record in old)
        {
            store.Delete(Collections.Record, record.Sequence);
        }

        store.Agent["ledger_after"] = old[^1].Sequence;
        store.Agent["ledger_after_hash"] = old[^1].Hash;
        return old.Count;
    }

    private static bool IsNeeded(StoreTransaction store, long sequence) =>
        store.Database.GetCollection(Collections.Outbox).FindById(sequence) is not null || store.Database.By(Collections.Evidence, "sequence", sequence).Any();

    private void Checkpoint() => _file.Guard("bringing its journal into the file", () =>
    {
        (_session as WritingSession)?.Checkpoint();
        return true;
    });
}
