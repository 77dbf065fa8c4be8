using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

/// <summary>What every store of bank records promises that is a file.</summary>
public abstract class BankRecordsFileContract : BankRecordsContract
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
        using var store = Read(StorePath);
        Assert.Throws<InspectionStoreException>(() => store.SaveStanding(Standing, null));
        Assert.Throws<InspectionStoreException>(() => store.AddBankEvent(Event));
        Assert.Throws<InspectionStoreException>(() => store.SaveTrustDocument("{}", Event));
    }

    private protected abstract IInspectionStore Open(string path);

    private protected abstract IInspectionStore Read(string path);

    private protected sealed override IInspectionStore Open() => Open(StorePath);

    private protected sealed override IInspectionStore Reopen(IInspectionStore store)
    {
        store.Dispose();
        return Open();
    }

    private protected sealed override void Clean() => _folder.Dispose();
}
