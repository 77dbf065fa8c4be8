using LiteDB;
using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Tests.Storage;

namespace StructCore.Tests.LiteDb;

public sealed class LiteDbInspectionStoreTests : InspectionStoreContract
{
    [Fact]
    public void Complete_ProcessDiesAfterwards_RecordIsInTheFile()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        store.TryAccept(Trigger("b"));
        var stored = store.Complete(Full("a"));

        using var after = Open(LiteDbFiles.CopyAsAfterAKill(StorePath, Path.Combine(Folder, "copy.db")));
        Assert.Equal([stored], after.Outbox(10));
        Assert.Equal([Trigger("b")], after.Unanswered());
    }

    [Fact]
    public void TryAccept_TextThatLanguagesTakeForEqual_IsAnotherTrigger()
    {
        using var store = Open(StorePath);
        string[] ids = ["a", "A", "ss", "ß", "a\u0301", "\u00e1", "a ", ""];
        Assert.All(ids, id => Assert.True(store.TryAccept(Trigger(id))));
        Assert.Equal(ids, store.Unanswered().Select(t => t.TriggerId));
    }

    [Fact]
    public void TryAccept_TextLongerThanAnyIndexKey_IsKnownAgain()
    {
        using var store = Open(StorePath);
        var trigger = Trigger(new string('x', 5000)) with { Station = new string('s', 5000) };
        Assert.True(store.TryAccept(trigger));
        Assert.False(store.TryAccept(trigger));
        Assert.True(store.TryAccept(trigger with { TriggerId = trigger.TriggerId + "x" }));
        store.Complete(Full("a") with { Trigger = trigger });
        Assert.Equal(trigger, Assert.Single(store.FindByTriggerId(trigger.TriggerId)).Trigger);
    }

    [Fact]
    public void Write_JournalCannotBeWritten_IsAnErrorAndNothingIsHalfStored()
    {
        using var store = new LiteDbInspectionStore(StorePath, TimeProvider.System);
        store.TryAccept(Trigger("a"));
        store.Journal.Dispose();
        Assert.Contains("failed at storing a verdict", Assert.Throws<InspectionStoreException>(() => store.Complete(Full("a"))).Message, StringComparison.Ordinal);

        Assert.InRange(store.SizeBytes(), 1, 1_000_000);
        Assert.Empty(store.Outbox(10));
        Assert.Equal([Trigger("a")], store.Unanswered());
        Assert.Equal(1, store.Complete(Full("a")).Sequence);
        Assert.True(LedgerVerifier.Verify(store, default).Intact);
    }

    [Fact]
    public void Dispose_FolderIsGone_LeavesQuietly()
    {
        var store = Open(StorePath);
        Stored(store, "a");
        Directory.Delete(Path.GetDirectoryName(StorePath)!, recursive: true);
        store.Dispose();
    }

    [Fact]
    public void Check_SomebodyReads_LeavesTheJournalForLater()
    {
        using var store = Open(StorePath);
        var stored = Stored(store, "a");
        using (var read = Read(StorePath))
        {
            store.Check();
            Stored(store, "b");
            store.Check();
            Assert.NotEqual(0, new FileInfo(LiteDbFiles.Journal(StorePath)).Length);
            Assert.Equal([stored], read.Records(0, 10));
            Assert.Empty(read.FindDamage());
        }

        store.Check();
        Assert.Equal(0, new FileInfo(LiteDbFiles.Journal(StorePath)).Length);
        Assert.Equal(2, store.Records(0, 10).Count);
    }

    [Fact]
    public void Open_SomebodyReadsWhatAKilledAgentLeft_BothGoOn()
    {
        using var killed = Open(StorePath);
        var stored = Stored(killed, "a");
        var copy = LiteDbFiles.CopyAsAfterAKill(StorePath, Path.Combine(Folder, "copy.db"));
        using var read = Read(copy);
        using (var store = Open(copy))
        {
            Assert.Equal([stored], store.Records(0, 10));
            Stored(store, "b");
            store.Check();
            Assert.Equal([stored], read.Records(0, 10));
        }

        Assert.Equal([stored], read.Records(0, 10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Journal_ManyWrites_StaysBounded(bool withChecks)
    {
        using var store = Open(StorePath);
        for (var i = 0; i < 60; i++)
        {
            Stored(store, $"{i}", r => r with { FrameId = new string('x', 1_000_000) });
            if (withChecks)
            {
                store.Check();
            }
        }

        Assert.InRange(new FileInfo(LiteDbFiles.Journal(StorePath)).Length, 0, withChecks ? 0 : 25_000_000);
    }

    [Fact]
    public void Prune_WithoutAStart_LowersTheSizeAndTheFileGrowsNoMore()
    {
        using var store = Open(StorePath);
        long Fill()
        {
            var last = 0L;
            for (var i = 0; i < 100; i++)
            {
                last = Stored(store, $"{i}", r => r with { FrameId = new string('x', 10_000) }).Sequence;
                store.Acknowledge([last]);
            }

            store.Check();
            return new FileInfo(StorePath).Length;
        }

        var (file, full) = (Fill(), store.SizeBytes());
        Assert.Equal(100, store.Prune(DateTimeOffset.MaxValue, 1000));
        Assert.InRange(store.SizeBytes(), 1, full / 2);
        Assert.Equal(file, new FileInfo(StorePath).Length);
        Assert.InRange(Fill(), file, file * 11 / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_MostPagesFree_GivesThemBack(bool reads)
    {
        InspectionRecord[] kept;
        using (var store = Open(StorePath))
        {
            for (var i = 0; i < 30; i++)
            {
                Stored(store, $"{i}", r => r with { FrameId = new string('x', 1_000_000) });
            }

            kept = [Stored(store, "kept"), Stored(store, "too")];
            store.Acknowledge([.. Enumerable.Range(1, 31).Select(i => (long)i)]);
            store.TryAccept(Trigger("open"));
            store.AddEvidence(new EvidenceFile(0, 31, EvidenceKind.Frame, "x.png", 1, "00", Noon));
            Assert.Equal(30, store.Prune(DateTimeOffset.MaxValue, 100));
        }

        Assert.InRange(new FileInfo(StorePath).Length, 30_000_000, long.MaxValue);
        using var read = reads ? Read(StorePath) : null;
        using var again = Open(StorePath);
        Assert.InRange(new FileInfo(StorePath).Length, 1, 1_000_000);
        Assert.Equal(kept, again.Records(0, 10));
        Assert.Equal(kept, (read ?? again).Records(0, 10));
        Assert.Equal(kept[1..], again.Outbox(10));
        Assert.Equal(1, again.OutboxSize());
        Assert.Equal([Trigger("open")], again.Unanswered());
        Assert.Single(again.Evidence(31));
        Assert.False(again.TryAccept(Trigger("kept")));
        Assert.Empty(again.FindDamage());
        Assert.True(LedgerVerifier.Verify(again, default).Intact);
    }

    [Fact]
    public void Open_NewerSchema_IsRefused()
    {
        Open(StorePath).Dispose();
        LiteDbFiles.Change(StorePath, database =>
        {
            var agent = database.GetCollection("agent").FindById(1);
            agent["schema"] = 99;
            database.GetCollection("agent").Update(agent);
        });
        var expected = $"The inspection store '{StorePath}' has schema version 99, this program knows up to {StoreSchema.Version}. A newer program wrote it: update this one, or set Store:Path to another file.";
        Assert.Equal(expected, Assert.Throws<InspectionStoreException>(() => Open(StorePath)).Message);
        Assert.Equal(expected, Assert.Throws<InspectionStoreException>(() => Read(StorePath)).Message);
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_IsRefusedAndUntouched()
    {
        var path = Path.Combine(Folder, "other.db");
        LiteDbFiles.Change(path, database => database.GetCollection("bookmarks").Insert(new BsonDocument { ["url"] = "x" }));
        Assert.Contains("is a database of another program", Assert.Throws<InspectionStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
        LiteDbFiles.Change(path, database => Assert.Equal(["bookmarks"], database.GetCollectionNames()));
    }

    [Fact]
    public void Open_SqliteDatabase_NamesTheBuildThatReadsIt()
    {
        var path = Path.Combine(Folder, "native.db");
        File.Copy(Path.Combine(SharedFiles.Repository, "tests", "StructCore.Edge.Tests", "Storage", "Released", "v2.db"), path);
        Assert.Contains("run the build with -p:Adapters=native", Assert.Throws<InspectionStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Guard_DiskFull_SaysWhatHelps() =>
        Assert.EndsWith("Free some disk space.", Assert.Throws<InspectionStoreException>(() => new LiteDbFile(StorePath).Guard<int>("x", () => throw new IOException("No space left on device", 28))).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_JournalDeleted_SaysSoAndTheStoreStaysUnhealthy()
    {
        using var store = Open(StorePath);
        Stored(store, "a");
        File.Delete(LiteDbFiles.Journal(StorePath));
        Assert.Throws<InspectionStoreException>(store.Check);
        Assert.Contains("0 are left", Assert.Throws<InspectionStoreException>(() => store.TryAccept(Trigger("b"))).Message, StringComparison.Ordinal);
        Assert.Contains("The file is damaged", Assert.Throws<InspectionStoreException>(store.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Close_CleanEnd_LeavesAFileThatLiteDbsOwnToolsRead()
    {
        using (var store = Open(StorePath))
        {
            Stored(store, "a");
        }

        Assert.Equal([StorePath], Directory.GetFiles(Path.GetDirectoryName(StorePath)!));
        using var database = new LiteDatabase(StorePath);
        Assert.Equal("a", Assert.Single(database.GetCollection("record").FindAll())["trigger_id"].AsString);
    }

    private protected override IInspectionStore Open(string path) => new LiteDbInspectionStore(path, TimeProvider.System);

    private protected override IInspectionStore Read(string path) => LiteDbInspectionStore.OpenForReading(path);
}
