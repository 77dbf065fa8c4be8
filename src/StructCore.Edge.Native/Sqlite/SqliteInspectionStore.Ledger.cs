using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

internal sealed partial class SqliteInspectionStore
{
    public IReadOnlyList<InspectionRecord> FindByTriggerId(string triggerId) => throw new NotSupportedException();

    public IReadOnlyList<InspectionRecord> Records(long after, int limit) => throw new NotSupportedException();

    public LedgerState Ledger() => throw new NotSupportedException();

    public int Prune(DateTimeOffset decidedBefore, int limit) => throw new NotSupportedException();

    public long SizeBytes() => throw new NotSupportedException();

    public void Backup(string path) => throw new NotSupportedException();
}
