using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

/// <summary>What every inspection store must remember of a station's banks, the one in memory too.</summary>
public abstract class BankRecordsContract : IDisposable
{
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 8, 9, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    private IInspectionStore? _store;

    internal static BankStanding Standing { get; } = new("site1/line1/s", "cap", new("cap-v3", 3, "aa3"), new("cap-v2", 2, "aa2"), 4, Noon)
    {
        Calibration = """{"payload": "ü"}""",
        PreviousCalibration = "{}",
        CalibrationBefore = "",
        HighestCalibration = 7,
        OnProbation = true,
        ProbationStarts = 2,
    };

    internal static BankEvent Event { get; } = new(0, Noon, "site1/line1/s", "cap", BankEventKind.Activated, 3, "parity: fine", ["key-1", "key-2"], new string('d', 64), new string('e', 64), """{"parity": null}""");

    private IInspectionStore Store => _store ??= Open();

    public void Dispose()
    {
        _store?.Dispose();
        Clean();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Records_NewStore_AreNone()
    {
        Assert.Empty(Store.BankStandings());
        Assert.Empty(Store.BankEvents(null, null, 10));
        Assert.Null(Store.TrustDocument());
    }

    [Fact]
    public void Standing_EveryField_OutlivesTheAgent()
    {
        var bare = new BankStanding("site1/line1/s", "nut", new("nut-v1", 1, "bb1"), null, 1, Noon.AddTicks(1)) { Dormant = true };
        Store.SaveStanding(Standing, null);
        Store.SaveStanding(bare, null);
        Restart();
        Assert.Equal([Standing, bare], Store.BankStandings());
        Assert.Empty(Store.BankEvents(null, null, 10));
    }

    [Fact]
    public void Standing_SavedAgain_TakesThePlaceOfTheOneOfItsStationAndCategory()
    {
        var (otherStation, otherCategory) = (Standing with { Station = "site1/line1/r" }, Standing with { Category = "nut" });
        Store.SaveStanding(Standing, null);
        Store.SaveStanding(otherStation, null);
        Store.SaveStanding(otherCategory, null);
        var next = Standing with { Active = new("cap-v4", 4, "aa4"), Previous = Standing.Active, OnProbation = false, Calibration = null, PreviousCalibration = Standing.Calibration, CalibrationBefore = null };
        Store.SaveStanding(next, null);
        Assert.Equal([otherStation, next, otherCategory], Store.BankStandings());
    }

    [Fact]
    public void Event_EveryField_OutlivesTheAgent()
    {
        var bare = Event with { Category = null, Kind = BankEventKind.TrustChanged, Reason = null, SignedBy = [], DocumentSha256 = null, PackageSha256 = null, Gates = null };
        Store.AddBankEvent(Event);
        Store.SaveStanding(Standing, bare);
        Restart();
        var events = Store.BankEvents(null, null, 10);
        Assert.Equivalent(new[] { bare with { Id = 2 }, Event with { Id = 1 } }, events, strict: true);
    }

    [Fact]
    public void Event_EveryKind_ComesBack()
    {
        foreach (var kind in Enum.GetValues<BankEventKind>())
        {
            Store.AddBankEvent(Event with { Kind = kind });
        }

        Assert.Equal(Enum.GetValues<BankEventKind>().Reverse(), Store.BankEvents(null, null, 100).Select(e => e.Kind));
    }

    [Fact]
    public void BankEvents_StationAndCategory_ChooseTheNewest()
    {
        (string Station, string? Category)[] subjects = [("a", "cap"), ("a", "nut"), ("b", "cap"), ("a", "cap"), ("a", null)];
        foreach (var (station, category) in subjects)
        {
            Store.AddBankEvent(Event with { Station = station, Category = category });
        }

        Assert.Equal([5, 4, 3, 2, 1], Ids(null, null, 10));
        Assert.Equal([5, 4, 2, 1], Ids("a", null, 10));
        Assert.Equal([4, 3, 1], Ids(null, "cap", 10));
        Assert.Equal([4, 1], Ids("a", "cap", 10));
        Assert.Equal([5, 4], Ids("a", null, 2));
        Assert.Empty(Ids("c", null, 10));

        IEnumerable<long> Ids(string? station, string? category, int limit) => Store.BankEvents(station, category, limit).Select(e => e.Id);
    }

    [Fact]
    public void Event_MoreOfAKindThanAreKept_PushOutTheOldestAlikeAlone()
    {
        Store.AddBankEvent(Event with { Kind = BankEventKind.Withdrawn });
        Store.AddBankEvent(Event with { Kind = BankEventKind.Refused, Station = "other" });
        for (var i = 0; i < BankEvent.Kept + 2; i++)
        {
            Store.AddBankEvent(Event with { Kind = BankEventKind.Refused, Version = i + 1 });
        }

        var events = Store.BankEvents(null, null, 10 * BankEvent.Kept);
        Assert.Equal(BankEvent.Kept + 2, events.Count);
        Assert.Equal([BankEvent.Kept + 2, 3], new[] { events[0].Version, events[BankEvent.Kept - 1].Version });
        Assert.Equal([BankEventKind.Refused, BankEventKind.Withdrawn], events.TakeLast(2).Select(e => e.Kind));
    }

    [Fact]
    public void TrustDocument_SavedAgain_IsTheNewOneWithItsEvents()
    {
        Store.SaveTrustDocument("""{"version": 1}""", Event with { Kind = BankEventKind.TrustChanged, Category = null });
        Store.SaveTrustDocument("""{"version": 2}""", Event with { Kind = BankEventKind.TrustChanged, Category = null, Version = 2 });
        Restart();
        Assert.Equal("""{"version": 2}""", Store.TrustDocument());
        Assert.Equal([2, 3], Store.BankEvents(null, null, 10).Select(e => e.Version));
    }

    private protected abstract IInspectionStore Open();

    /// <summary>Goes on with what an agent before left.</summary>
    private protected abstract IInspectionStore Reopen(IInspectionStore store);

    private protected virtual void Clean()
    {
    }

    private void Restart() => _store = Reopen(Store);
}
