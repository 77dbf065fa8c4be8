using Microsoft.Data.Sqlite;

namespace StructCore.Edge.Native.Sqlite;

/// <content>Whether the file is sound, how it is kept from growing for ever, and copies of it.</content>
internal sealed partial class SqliteInspectionStore
{
    private const int FindingsListed = 10;

    /// <inheritdoc/>
    /// <remarks>Writes one row and waits for the disk; then brings the log into the file, which no verdict should wait for.</remarks>
    public void Check()
    {
        Write("checking", TouchAgent);
        Checkpoint();
    }

    public int Prune(DateTimeOffset decidedBefore, int limit)
    {
        var removed = Write("removing old records", sql => Prune(sql, decidedBefore, limit));
        Checkpoint();
        return removed;
    }

    public long SizeBytes() => Read("measuring the file", sql =>
    {
        var pages = (long)sql.Statement("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").ExecuteScalar()!;
        var log = new FileInfo(_file.LogPath);
        return pages + (log.Exists ? log.Length : 0);
    });

    public IReadOnlyList<string> FindDamage() => Read("checking the whole file", sql => StoreFile.FindDamage(sql.Connection, FindingsListed));

    // The PLC tells by the epoch that the agent is another: more than any agent starts between a backup and the day it is needed.
    public void Backup(string path) => StoreCopy.Write(_file, path, "UPDATE agent SET epoch = epoch + 1000000");

    private int TouchAgent(StoreConnection sql)
    {
        _file.ThrowIfLost();
        var update = sql.Statement("UPDATE agent SET checked_at = $now");
        InspectionRow.Add(update.Parameters, "$now", InspectionRow.Time(_time.GetUtcNow()));
        return update.ExecuteNonQuery();
    }

    // Passive: writes go on meanwhile.
    private void Checkpoint() => _file.Guard("bringing its log into the file", () =>
    {
        lock (_checkpointing)
        {
            return _checkpointer.Statement("PRAGMA wal_checkpoint(PASSIVE)").ExecuteNonQuery();
        }
    });

    private static int Prune(StoreConnection sql, DateTimeOffset decidedBefore, int limit)
    {
        // The chain is only ever cut at its beginning: the first record that must stay ends it.
        var select = sql.Statement("""
            SELECT sequence, hash,
                decided_at < $before
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.sequence = inspection.sequence)
                AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.sequence = inspection.sequence)
            FROM inspection WHERE sequence IS NOT NULL ORDER BY sequence LIMIT $limit
            """);
        InspectionRow.Add(select.Parameters, "$before", InspectionRow.Time(decidedBefore));
        InspectionRow.Add(select.Parameters, "$limit", limit);
        var old = All(select, row => (Sequence: row.GetInt64(0), Hash: row.GetString(1), Goes: row.GetBoolean(2))).TakeWhile(r => r.Goes).ToList();
        if (old.Count == 0)
        {
            return 0;
        }

        var delete = sql.Statement("DELETE FROM inspection WHERE sequence <= $sequence");
        InspectionRow.Add(delete.Parameters, "$sequence", old[^1].Sequence);
        delete.ExecuteNonQuery();

        // Records from before the ledger have no hash and leave its beginning where it is.
        var begin = sql.Statement("UPDATE agent SET ledger_after = $sequence, ledger_after_hash = $hash WHERE ledger_after < $sequence");
        InspectionRow.Add(begin.Parameters, "$sequence", old[^1].Sequence);
        InspectionRow.Add(begin.Parameters, "$hash", old[^1].Hash);
        begin.ExecuteNonQuery();

        // Four pages a record are more than it took. Not by a command, which would take one step, and so free one page.
        var done = SQLitePCL.raw.sqlite3_exec(sql.Connection.Handle, FormattableString.Invariant($"PRAGMA incremental_vacuum({4 * old.Count})"));
        SqliteException.ThrowExceptionForRC(done, sql.Connection.Handle);
        return old.Count;
    }
}
