using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>The chain of records, and how it is kept from growing for ever.</content>
internal sealed partial class SqliteInspectionStore
{
    private const int FindingsListed = 10;

    public IReadOnlyList<InspectionRecord> Records(long after, int limit) => Read("reading records", sql =>
    {
        var select = sql.Statement($"SELECT {InspectionRow.RecordColumns} FROM inspection WHERE sequence > $after ORDER BY sequence LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$after", after);
        InspectionRow.Add(select.Parameters, "$limit", limit);
        return All(select, InspectionRow.ReadRecord);
    });

    public LedgerState Ledger() => Read("reading the ledger's ends", sql =>
        All(sql.Statement("SELECT ledger_after, ledger_after_hash, last_sequence, last_hash FROM agent"), row => new LedgerState(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3))).Single());

    public int Prune(DateTimeOffset decidedBefore, int limit) => Write("removing old records", sql =>
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

        // One page for each record is more than they took: the file does not keep what was freed.
        SQLitePCL.raw.sqlite3_exec(sql.Connection.Handle, FormattableString.Invariant($"PRAGMA incremental_vacuum({old.Count})"));
        return old.Count;
    });

    public long SizeBytes() => Read("measuring the file", sql =>
    {
        var pages = (long)sql.Statement("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").ExecuteScalar()!;
        var log = new FileInfo(_file.LogPath);
        return pages + (log.Exists ? log.Length : 0);
    });

    public IReadOnlyList<string> FindDamage() => Read("checking the whole file", sql => StoreFile.FindDamage(sql.Connection, FindingsListed));

    // The PLC tells by the epoch that the agent is another: more than any agent starts between a backup and the day it is needed.
    public void Backup(string path) => StoreCopy.Write(_file, path, "UPDATE agent SET epoch = epoch + 1000000");
}
