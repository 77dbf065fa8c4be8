using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

public sealed class SqliteBankRecordsTests : BankRecordsFileContract
{
    private protected override IInspectionStore Open(string path) => new SqliteInspectionStore(path, TimeProvider.System);

    private protected override IInspectionStore Read(string path) => SqliteInspectionStore.OpenForReading(path);
}
