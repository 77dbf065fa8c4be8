using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

/// <content>Reading beside the agent, backup and what goes on from one.</content>
public abstract partial class InspectionStoreContract
{
    [Fact]
    public void Read_WhileTheAgentWrites_SeesOneMomentAndMayNotWrite()
    {
        using var store = Open(StorePath);
        var stored = Stored(store, "a");
        using var read = Read(StorePath);
        Stored(store, "b");
        Assert.Equal([stored], read.Records(0, 10));
        Assert.Equal(stored, read.Find("s", "7", "a"));
        Assert.Equal(stored.Sequence, read.Ledger().LastSequence);
        Assert.Throws<InspectionStoreException>(() => read.TryAccept(Trigger("c")));
        Assert.Throws<InspectionStoreException>(() => read.NextAgentEpoch());
        Assert.True(store.TryAccept(Trigger("c")));
    }

    [Fact]
    public void Read_ClosedStore_LeavesNothingBehind()
    {
        using (var store = Open(StorePath))
        {
            Stored(store, "a");
        }

        var before = Directory.GetFiles(Path.GetDirectoryName(StorePath)!);
        using (var read = Read(StorePath))
        {
            Assert.Equal("a", Assert.Single(read.Records(0, 10)).Trigger.TriggerId);
            Assert.Equal(before, Directory.GetFiles(Path.GetDirectoryName(StorePath)!));
        }

        Assert.Equal(before, Directory.GetFiles(Path.GetDirectoryName(StorePath)!));
    }

    [Fact]
    public void Read_NoStore_SaysSoAndCreatesNone()
    {
        var failure = Assert.Throws<InspectionStoreException>(() => Read(StorePath));
        Assert.Equal($"There is no inspection store '{StorePath}'. Name the file that Store:Path names.", failure.Message);
        Assert.False(File.Exists(StorePath));
    }

    [Fact]
    public void Backup_WhileTheAgentWrites_HoldsWhatWasThere()
    {
        using var store = Open(StorePath);
        store.NextAgentEpoch();
        var stored = Stored(store, "a");
        store.TryAccept(Trigger("open"));
        store.SaveCalibration(new StoredCalibration("cap", 1, "aa", "{}", Noon));
        store.SaveStanding(BankRecordsContract.Standing, BankRecordsContract.Event);
        store.SaveTrustDocument("{}", BankRecordsContract.Event);
        var image = store.AddEvidence(new EvidenceFile(0, 1, EvidenceKind.Overlay, "x.jpg", 5, "00", Noon));
        var copy = Path.Combine(Folder, "copies", "backup.db");
        store.Backup(copy);
        Stored(store, "b");

        Assert.Equal([copy], Directory.GetFiles(Path.GetDirectoryName(copy)!));
        using var read = Read(copy);
        Assert.Equal([stored], read.Records(0, 10));
        Assert.Equal([stored], read.Outbox(10));
        Assert.Equal([Trigger("open")], read.Unanswered());
        Assert.Equal([image], read.Evidence(1));
        Assert.Single(read.Calibrations("cap"));
        Assert.Equal([BankRecordsContract.Standing], read.BankStandings());
        Assert.Equal([2L, 1L], read.BankEvents(null, null, 10).Select(e => e.Id));
        Assert.Equal("{}", read.TrustDocument());
        Assert.Empty(read.FindDamage());
        Assert.True(LedgerVerifier.Verify(read, default).Intact);
    }

    [Fact]
    public void Backup_TargetExists_IsRefusedAndUntouched()
    {
        using var store = Open(StorePath);
        var copy = Path.Combine(Folder, "backup.db");
        File.WriteAllText(copy, "precious");
        Assert.Equal($"The copy '{copy}' of the inspection store '{StorePath}' exists already and is not overwritten. Name another file.", Assert.Throws<InspectionStoreException>(() => store.Backup(copy)).Message);
        Assert.Equal("precious", File.ReadAllText(copy));
    }

    [Fact]
    public void Backup_TargetNotWritable_SaysSoAndLeavesNothing()
    {
        using var store = Open(StorePath);
        var file = Path.Combine(Folder, "file");
        File.WriteAllText(file, "");
        var failure = Assert.Throws<InspectionStoreException>(() => store.Backup(Path.Combine(file, "backup.db")));
        Assert.Contains($"failed at copying to '{Path.Combine(file, "backup.db")}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("this user may write there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backup_Restored_GoesOnFromItsMomentInAnEpochOfItsOwn()
    {
        var copy = Path.Combine(Folder, "backup.db");
        long newest;
        using (var store = Open(StorePath))
        {
            Stored(store, "a");
            store.Backup(copy);
            Stored(store, "lost");
            store.NextAgentEpoch();
            newest = store.NextAgentEpoch();
        }

        using var restored = Open(copy);
        Assert.True(restored.NextAgentEpoch() > newest);

        // What came after the backup is not known: asked for again, it is inspected again, under a number that was used.
        Assert.Null(restored.Find("s", "7", "lost"));
        Assert.Equal(2, Stored(restored, "lost").Sequence);
        Assert.True(LedgerVerifier.Verify(restored, default).Intact);
    }
}
