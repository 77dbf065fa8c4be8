using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Tests.Storage;

namespace StructCore.Tests.LiteDb;

public sealed class LiteDbBankRecordsTests : BankRecordsContract
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["station.db"];

    [Fact]
    public void SaveStanding_EventNotStorable_LeavesTheStandingAsItWas()
    {
        using var store = Open();
        store.SaveStanding(Standing, Event);
        Assert.ThrowsAny<Exception>(() => store.SaveStanding(Standing with { HighestVersion = 99 }, Event with { Kind = (BankEventKind)99 }));
        Assert.ThrowsAny<Exception>(() => store.SaveTrustDocument("{}", Event with { Kind = (BankEventKind)99 }));
        Assert.Equal([Standing], store.BankStandings());
        Assert.Null(store.TrustDocument());
        Assert.Single(store.BankEvents(null, null, 10));
    }

    [Fact]
    public void Write_StoreOpenedForReading_IsRefused()
    {
        Open().Dispose();
        using var store = LiteDbInspectionStore.OpenForReading(StorePath);
        Assert.Throws<InspectionStoreException>(() => store.SaveStanding(Standing, null));
        Assert.Throws<InspectionStoreException>(() => store.AddBankEvent(Event));
        Assert.Throws<InspectionStoreException>(() => store.SaveTrustDocument("{}", Event));
    }

    private protected override IInspectionStore Open() => new LiteDbInspectionStore(StorePath, TimeProvider.System);

    private protected override IInspectionStore Reopen(IInspectionStore store)
    {
        store.Dispose();
        return Open();
    }

    private protected override void Clean() => _folder.Dispose();
}
