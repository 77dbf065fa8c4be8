using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

/// <content>The chain of records, and its end that is cut off.</content>
public abstract partial class InspectionStoreContract
{
    [Fact]
    public void Ledger_NewStore_BeginsWithTheGenesisHash()
    {
        using var store = Open(StorePath);
        Assert.Equal(new LedgerState(0, LedgerHash.Genesis, 0, LedgerHash.Genesis), store.Ledger());
        Assert.Empty(store.Records(0, 10));
    }

    [Fact]
    public void Complete_EachRecord_CarriesTheHashOfTheOneBefore()
    {
        InspectionRecord[] stored;
        using (var store = Open(StorePath))
        {
            stored = [Stored(store, "a"), Stored(store, "b"), Stored(store, "c")];
            store.MarkDelivered([2]);
        }

        Assert.Equal([LedgerHash.Genesis, stored[0].Hash, stored[1].Hash], stored.Select(r => r.PreviousHash));
        using var again = Open(StorePath);
        Assert.Equal(stored.Select(r => LedgerHash.Of(r)), again.Records(0, 10).Select(r => r.Hash));
        Assert.Equal(new LedgerState(0, LedgerHash.Genesis, 3, stored[2].Hash), again.Ledger());
        Assert.True(LedgerVerifier.Verify(again, default).Intact);
    }

    [Fact]
    public void Complete_ValuesADatabaseMayBend_KeepTheirHash()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a") with { PartId = "", Recipe = null, ReceivedAt = Noon.ToOffset(TimeSpan.FromHours(5)) });
        var verdict = new Verdict(Decision.Accept, "\ud800 half a pair")
        {
            Score = -0f,
            Threshold = float.PositiveInfinity,
            Category = "",
            RouteDistance = float.MaxValue,
            Timings = new StageTimings(-0d, double.Epsilon, double.MaxValue, 1e15 + 0.3, 5, 4),
        };
        var stored = store.Complete(new InspectionRecord(Trigger("a"), verdict, "", DateTimeOffset.MaxValue, 1 / 3d, long.MaxValue, DateTimeOffset.MinValue));
        var read = Assert.Single(store.Records(0, 1));
        Assert.Equal(stored.Hash, read.Hash);
        Assert.Equal(stored.Hash, LedgerHash.Of(read));
        Assert.Equal(stored.Hash, LedgerHash.Of(stored));
    }

    [Fact]
    public void Complete_AnotherTriggerThanAccepted_KeepsTheAcceptedOne()
    {
        using var store = Open(StorePath);
        var stored = Stored(store, "a", r => r with { Trigger = r.Trigger with { PartId = "another" } });
        Assert.Equal("part-1", stored.Trigger.PartId);
        Assert.Equal([stored], store.Records(0, 10));
    }

    [Fact]
    public void Records_After_InOrderAndLimited()
    {
        using var store = Open(StorePath);
        var stored = Enumerable.Range(0, 5).Select(i => Stored(store, $"{i}")).ToArray();
        Assert.Equal(stored[1..3], store.Records(1, 2));
        Assert.Empty(store.Records(5, 2));
    }

    [Fact]
    public void FindByTriggerId_SeveralStationsAndEpochs_NewestFirst()
    {
        using var store = Open(StorePath);
        var first = Stored(store, "a");
        Stored(store, "b");
        var other = Full("a") with { Trigger = Trigger("a") with { Station = "s2", PlcEpoch = "9" } };
        store.TryAccept(other.Trigger);
        store.TryAccept(Trigger("a") with { PlcEpoch = "10" });
        Assert.Equal([store.Complete(other), first], store.FindByTriggerId("a"));
        Assert.Empty(store.FindByTriggerId("c"));
    }

    [Fact]
    public void Prune_OldRecords_GoFromTheBeginningAndTheLedgerFollows()
    {
        using var store = Open(StorePath);
        var stored = Enumerable.Range(0, 6).Select(i => Stored(store, $"{i}", r => r with { DecidedAt = Noon.AddHours(i) })).ToArray();
        store.Acknowledge([1, 2, 3, 4, 5, 6]);

        Assert.Equal(2, store.Prune(Noon.AddHours(4), 2));
        Assert.Equal(2, store.Prune(Noon.AddHours(4), 100));
        Assert.Equal(0, store.Prune(Noon.AddHours(4), 100));
        Assert.Equal(stored[4..], store.Records(0, 10));
        Assert.Equal(new LedgerState(4, stored[3].Hash, 6, stored[5].Hash), store.Ledger());
        Assert.True(LedgerVerifier.Verify(store, default).Intact);
        Assert.Null(store.Find("s", "7", "0"));
        Assert.True(store.TryAccept(Trigger("0")));
        Assert.Equal(7, store.Complete(Full("0")).Sequence);
    }

    [Fact]
    public void Prune_EveryRecord_LeavesTheLedgersHead()
    {
        using var store = Open(StorePath);
        Stored(store, "a");
        var last = Stored(store, "b");
        store.Acknowledge([1, 2]);
        Assert.Equal(2, store.Prune(DateTimeOffset.MaxValue, 100));
        Assert.Equal(new LedgerState(2, last.Hash, 2, last.Hash), store.Ledger());
        Assert.Equal(last.Hash, Stored(store, "c").PreviousHash);
        Assert.True(LedgerVerifier.Verify(store, default).Intact);
    }

    [Fact]
    public void Prune_OutboxEvidenceAndUnanswered_Stay()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("waits"));
        foreach (var id in new[] { "a", "b", "c", "d" })
        {
            Stored(store, id);
        }

        store.Acknowledge([1, 2, 4]);
        var image = store.AddEvidence(new EvidenceFile(0, 2, EvidenceKind.Frame, "x.png", 1, "00", Noon));
        Assert.Equal(1, store.Prune(DateTimeOffset.MaxValue, 100));
        store.RemoveEvidence([image.Id]);
        Assert.Equal(1, store.Prune(DateTimeOffset.MaxValue, 100));
        Assert.Equal(0, store.Prune(DateTimeOffset.MaxValue, 100));
        store.Acknowledge([3]);
        Assert.Equal(2, store.Prune(DateTimeOffset.MaxValue, 100));
        Assert.Equal([Trigger("waits")], store.Unanswered());
    }

    [Fact]
    public void Prune_ManyRecords_GivesTheSpaceBack()
    {
        using var store = Open(StorePath);
        for (var i = 0; i < 400; i++)
        {
            Stored(store, $"{i}", r => r with { FrameId = new string('x', 4000) });
        }

        store.Acknowledge([.. Enumerable.Range(1, 400).Select(i => (long)i)]);
        store.Dispose();
        using var again = Open(StorePath);
        var before = again.SizeBytes();
        while (again.Prune(DateTimeOffset.MaxValue, 50) > 0)
        {
        }

        again.Dispose();
        using var after = Open(StorePath);
        Assert.InRange(before, 400 * 4000, 1 << 23);
        Assert.InRange(after.SizeBytes(), 1, before / 10);
    }

    [Fact]
    public void FindDamage_SoundStore_FindsNothing()
    {
        using var store = Open(StorePath);
        Stored(store, "a");
        Assert.Empty(store.FindDamage());
    }
}
