using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>The chain of records.</content>
internal sealed partial class SqliteInspectionStore
{
    public IReadOnlyList<InspectionRecord> FindByTriggerId(string triggerId) => Read("finding the verdicts of a trigger id", sql =>
    {
        var select = sql.Statement($"SELECT {InspectionRow.RecordColumns} FROM inspection WHERE trigger_id = $trigger_id AND sequence IS NOT NULL ORDER BY sequence DESC");
        InspectionRow.Add(select.Parameters, "$trigger_id", triggerId);
        return All(select, InspectionRow.ReadRecord);
    });

    public IReadOnlyList<InspectionRecord> Records(long after, int limit) => Read("reading records", sql =>
    {
        var select = sql.Statement($"SELECT {InspectionRow.RecordColumns} FROM inspection WHERE sequence > $after ORDER BY sequence LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$after", after);
        InspectionRow.Add(select.Parameters, "$limit", limit);
        return All(select, InspectionRow.ReadRecord);
    });

    public LedgerState Ledger() => Read("reading the ledger's ends", sql =>
        All(sql.Statement("SELECT ledger_after, ledger_after_hash, last_sequence, last_hash FROM agent"), row => new LedgerState(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3))).Single());
}
