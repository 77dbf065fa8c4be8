using Microsoft.Data.Sqlite;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

/// <summary>Files of every released schema version, as their program left them, in <c>Released</c>.</summary>
public sealed class StoreMigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["station.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Version1_KeepsEveryRow()
    {
        Release(1);
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        AssertRowsOfVersion1(store);
        Assert.Equal(5, store.NextAgentEpoch());
        Assert.Equal((long)StoreSchema.Migrations.Count, SqliteFile.Run(StorePath, "PRAGMA user_version"));
    }

    [Fact]
    public void Open_Version1_BeginsTheLedgerBehindIt()
    {
        Release(1);
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        Assert.Equal(new LedgerState(4, LedgerHash.Genesis, 4, LedgerHash.Genesis), store.Ledger());

        var first = store.Complete(new InspectionRecord(store.Unanswered()[0], Verdict.Error("restarted"), null, null, null, 5, DateTimeOffset.UnixEpoch));
        Assert.Equal((5L, LedgerHash.Genesis), (first.Sequence, first.PreviousHash));
        var report = LedgerVerifier.Verify(store, default);
        Assert.Equal((true, 1L, 4L, 4L, first.Hash), (report.Intact, report.Records, report.Older, report.Begin, report.HeadHash));
    }

    [Fact]
    public void Prune_RecordsOfVersion1_LeavesTheLedgersBeginning()
    {
        Release(1);
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        store.Acknowledge([2, 3, 4]);
        Assert.Equal(3, store.Prune(DateTimeOffset.MaxValue, 3));
        Assert.Equal(new LedgerState(4, LedgerHash.Genesis, 4, LedgerHash.Genesis), store.Ledger());
        Assert.Equal(1, LedgerVerifier.Verify(store, default).Older);
    }

    [Fact]
    public void Open_Version1_KeepsACopyForTheProgramBefore()
    {
        Release(1);
        new SqliteInspectionStore(StorePath, TimeProvider.System).Dispose();
        Assert.Equal(1L, SqliteFile.Run(StorePath + ".v1.bak", "PRAGMA user_version"));
        Assert.Equal(4L, SqliteFile.Run(StorePath + ".v1.bak", "SELECT count(*) FROM inspection WHERE sequence IS NOT NULL"));
    }

    [Fact]
    public void Open_Version1_LetsTheFileShrink()
    {
        Release(1);
        Assert.Equal(0L, SqliteFile.Run(StorePath, "PRAGMA auto_vacuum"));
        new SqliteInspectionStore(StorePath, TimeProvider.System).Dispose();
        Assert.Equal(2L, SqliteFile.Run(StorePath, "PRAGMA auto_vacuum"));
    }

    [Fact]
    public void Read_Version1_AsksForAStartAndChangesNothing()
    {
        Release(1);
        var before = File.ReadAllBytes(StorePath);
        var failure = Assert.Throws<InspectionStoreException>(() => SqliteInspectionStore.OpenForReading(StorePath));
        Assert.Equal($"The inspection store '{StorePath}' has schema version 1, from a program before this one. Start the agent once: it brings the file to version {StoreSchema.Migrations.Count}.", failure.Message);
        Assert.Equal(before, File.ReadAllBytes(StorePath));
        Assert.Equal([StorePath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Open_KilledWithinAMigration_BeginsItAnew()
    {
        Release(1);
        var copy = _folder["killed.db"];
        using (var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False"))
        {
            connection.Open();

            // So small a cache writes to the log before the end of the transaction.
            SqliteFile.Run(connection, "PRAGMA cache_size = 1");
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            SqliteFile.Run(connection, StoreSchema.Migrations[1]);
            SqliteFile.Run(connection, "PRAGMA user_version = 2");
            SqliteFile.CopyAsAfterAKill(StorePath, copy);
        }

        using var store = new SqliteInspectionStore(copy, TimeProvider.System);
        AssertRowsOfVersion1(store);
        Assert.Equal(4, store.Ledger().AfterSequence);
    }

    [Fact]
    public void Open_KilledBetweenMigrationAndRewriting_RewritesThen()
    {
        Release(1);
        SqliteFile.Run(StorePath, $"BEGIN; {StoreSchema.Migrations[1]}; PRAGMA user_version = 2; COMMIT");
        using (var store = new SqliteInspectionStore(StorePath, TimeProvider.System))
        {
            AssertRowsOfVersion1(store);
        }

        Assert.Equal(2L, SqliteFile.Run(StorePath, "PRAGMA auto_vacuum"));
    }

    [Fact]
    public void Open_Version2_KeepsEveryRowAndTheLedger()
    {
        Release(2);
        using (var store = new SqliteInspectionStore(StorePath, TimeProvider.System))
        {
            AssertRowsOfVersion2(store);
            Assert.Empty(store.BankStandings());
            Assert.Empty(store.BankEvents(null, null, 10));
            Assert.Null(store.TrustDocument());
            Assert.Equal(7, store.NextAgentEpoch());
            Assert.Equal(5, store.Complete(new InspectionRecord(store.Unanswered()[0], Verdict.Error("restarted"), null, null, null, 7, DateTimeOffset.UnixEpoch)).Sequence);
            Assert.True(LedgerVerifier.Verify(store, default).Intact);
        }

        Assert.Equal((long)StoreSchema.Migrations.Count, SqliteFile.Run(StorePath, "PRAGMA user_version"));
        Assert.Equal(2L, SqliteFile.Run(StorePath + ".v2.bak", "PRAGMA user_version"));
        Assert.Equal(3L, SqliteFile.Run(StorePath + ".v2.bak", "SELECT count(*) FROM inspection WHERE sequence IS NOT NULL"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRAGMA user_version = 3")]
    public void Open_KilledWithinTheThirdMigration_BeginsItAnew(string last)
    {
        Release(2);
        var copy = _folder["killed.db"];
        using (var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Run(connection, "PRAGMA cache_size = 1");
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            SqliteFile.Run(connection, StoreSchema.Migrations[2]);
            SqliteFile.Run(connection, $"INSERT INTO trust VALUES (1, '{new string('x', 100_000)}'); {last}");
            SqliteFile.CopyAsAfterAKill(StorePath, copy);
        }

        Assert.True(new FileInfo(copy + "-wal").Length > 0);
        using var store = new SqliteInspectionStore(copy, TimeProvider.System);
        AssertRowsOfVersion2(store);
        Assert.Null(store.TrustDocument());
    }

    [Fact]
    public void Open_CopyOfAnEarlierAttempt_IsReplaced()
    {
        Release(1);
        File.WriteAllText(StorePath + ".v1.bak", "half a file");
        new SqliteInspectionStore(StorePath, TimeProvider.System).Dispose();
        Assert.Equal(1L, SqliteFile.Run(StorePath + ".v1.bak", "PRAGMA user_version"));
    }

    [Fact]
    public void Apply_SeveralVersions_AppliesWhatIsMissing()
    {
        var file = new StoreFile(StorePath);
        StoreMigration.Apply(file, ["CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (5)"]);
        StoreMigration.Apply(file, ["CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (5)", "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 6"]);
        Assert.Equal(11L, SqliteFile.Run(StorePath, "SELECT x + y FROM a"));
        Assert.Equal(2L, SqliteFile.Run(StorePath, "PRAGMA user_version"));
    }

    [Fact]
    public void Apply_OneFails_TheFileStaysAtTheVersionBefore()
    {
        var file = new StoreFile(StorePath);
        Assert.Throws<SqliteException>(() => StoreMigration.Apply(file, ["CREATE TABLE a (x INTEGER)", "CREATE TABLE b (y INTEGER); nonsense"]));
        Assert.Equal(1L, SqliteFile.Run(StorePath, "PRAGMA user_version"));
        Assert.Equal(0L, SqliteFile.Run(StorePath, "SELECT count(*) FROM sqlite_master WHERE name = 'b'"));
    }

    private static Verdict Rejected(string reason) => new(Decision.Reject, reason)
    {
        Score = 5.25f,
        Threshold = 4.5f,
        Category = "cap",
        RouteDistance = 1 / 3f,
        Bank = new BankIdentity("cap-v3", 3, "0123abcd"),
        Timings = new StageTimings(0.1, 1.5, 20.25, 3, 4, 1 / 3d),
    };

    private static void AssertRowsOfVersion1(SqliteInspectionStore store)
    {
        var records = store.Records(0, 100);
        Assert.Equal(["\"a\"", "\"b\"", "17", "\"a\""], records.Select(r => r.Trigger.TriggerId));
        Assert.Equal([Decision.Accept, Decision.Reject, Decision.Error, Decision.Reject], records.Select(r => r.Verdict.Decision));
        Assert.Equal([true, true, false, false], records.Select(r => r.Delivered));
        Assert.All(records, r => Assert.Equal(("", "", (double?)null), (r.PreviousHash, r.Hash, r.FrameAgeMs)));

        var time = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);
        var trigger = new AcceptedTrigger("site1/line1/s", "7", "\"b\"", "part-1", "cap", "top", time.AddSeconds(1), time.AddSeconds(3));
        Assert.Equal(new InspectionRecord(trigger, Rejected("score above threshold"), "frame-9", time.AddSeconds(2), null, 4, time.AddSeconds(12), 2, Delivered: true), records[1]);
        Assert.Equal(records[1], store.Find("site1/line1/s", "7", "\"b\""));
        Assert.Equal([records[3], records[0]], store.FindByTriggerId("\"a\""));
        Assert.Equal([2L, 3L, 4L], store.Outbox(10).Select(r => r.Sequence));
        Assert.Equal(["\"open-1\"", "\"open-2\""], store.Unanswered().Select(t => t.TriggerId));
        Assert.Equal("ü \U0001F600", store.Unanswered()[1].PartId);
        Assert.Equal([new StoredCalibration("cap", 2, "aa2", "{\"tau\": 2}", time.AddSeconds(2)), new("cap", 1, "aa1", "{\"tau\": 1}", time.AddSeconds(1))], store.Calibrations("cap"));
    }

    private static void AssertRowsOfVersion2(SqliteInspectionStore store)
    {
        var records = store.Records(0, 100);
        Assert.Equal(["\"a\"", "\"b\"", "17"], records.Select(r => r.Trigger.TriggerId));
        Assert.Equal([Decision.Accept, Decision.Reject, Decision.Error], records.Select(r => r.Verdict.Decision));
        Assert.Equal([true, true, false], records.Select(r => r.Delivered));

        var time = new DateTimeOffset(2026, 8, 9, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);
        var trigger = new AcceptedTrigger("site1/line1/s", "7", "\"b\"", "part-1", "cap", "top", time.AddSeconds(20), time.AddSeconds(22));
        Assert.Equal(new InspectionRecord(trigger, Rejected("above_threshold"), "frame-20", time.AddSeconds(20), 12.25, 6, time.AddSeconds(21), 3, Delivered: true, records[0].Hash, records[1].Hash), records[1]);
        Assert.Equal([3L, 4L], store.Outbox(10).Select(r => r.Sequence));
        Assert.Equal(["\"open\""], store.Unanswered().Select(t => t.TriggerId));
        Assert.Equal([new(1, 3, EvidenceKind.Frame, "2026/08/09/3.png", 12345, new string('e', 64), time.AddSeconds(22)), new EvidenceFile(2, 3, EvidenceKind.Overlay, "2026/08/09/3.jpg", 999, new string('f', 64), time.AddSeconds(23))], store.Evidence(3));
        Assert.Equal([new StoredCalibration("cap", 3, "0123abcd", "{\"threshold\": 4.5}", time)], store.Calibrations("cap"));

        // The oldest record is pruned: the chain begins behind it and is whole.
        var report = LedgerVerifier.Verify(store, default);
        Assert.Equal((true, 3L, 1L, 4L), (report.Intact, report.Records, report.Begin, report.Head));
    }

    private void Release(int version) =>
        File.Copy(Path.Combine(SharedFiles.Repository, "tests", "StructCore.Edge.Tests", "Storage", "Released", $"v{version}.db"), StorePath);
}
