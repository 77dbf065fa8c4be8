using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Tests.Storage;

namespace StructCore.Tests.LiteDb;

public sealed class LiteDbBankRecordsTests : BankRecordsFileContract
{
    private protected override IInspectionStore Open(string path) => new LiteDbInspectionStore(path, TimeProvider.System);

    private protected override IInspectionStore Read(string path) => LiteDbInspectionStore.OpenForReading(path);
}
