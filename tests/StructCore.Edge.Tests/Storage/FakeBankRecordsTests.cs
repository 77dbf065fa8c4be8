using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Storage;

public sealed class FakeBankRecordsTests : BankRecordsContract
{
    private protected override IInspectionStore Open() => new FakeStore();

    private protected override IInspectionStore Reopen(IInspectionStore store) => store;
}
