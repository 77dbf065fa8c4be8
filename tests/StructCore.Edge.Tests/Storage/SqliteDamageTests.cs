using Microsoft.Data.Sqlite;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

/// <summary>A page that cannot be read, found at start, while running, or by a check.</summary>
public sealed class SqliteDamageTests : IDisposable
{
    private const string Remedy = "The file is damaged: move it away (with its -wal and -shm), put the last backup there or start with a new one, and check the disk.";

    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["station.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DamagedPage_WhileRunning_IsToldAndTheStoreStaysUnhealthy()
    {
        Fill();
        DamageKeys();
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        store.Check();
        var failure = Assert.Throws<InspectionStoreException>(() => store.Find("s", "7", "1"));
        Assert.StartsWith($"The inspection store '{StorePath}' failed at finding a verdict: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, failure.Message, StringComparison.Ordinal);

        // The page that a check writes is sound; the file is not.
        Assert.Equal(failure.Message, Assert.Throws<InspectionStoreException>(store.Check).Message);
    }

    [Fact]
    public void DamagedPage_AtAStartAfterAnUncleanEnd_IsRefused()
    {
        Fill();
        DamageKeys();
        var killed = _folder["killed.db"];
        using (var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Run(connection, "UPDATE agent SET epoch = epoch + 1");
            SqliteFile.CopyAsAfterAKill(StorePath, killed);
        }

        var failure = Assert.Throws<InspectionStoreException>(() => new SqliteInspectionStore(killed, TimeProvider.System));
        Assert.StartsWith($"The inspection store '{killed}' failed at checking it after an unclean end: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedPage_InTheWholeFileCheck_IsFound()
    {
        Fill();
        using (var sound = SqliteInspectionStore.OpenForReading(StorePath))
        {
            Assert.Empty(sound.FindDamage());
        }

        DamageKeys();
        using var store = SqliteInspectionStore.OpenForReading(StorePath);
        Assert.NotEmpty(store.FindDamage());
    }

    [Fact]
    public void DamagedPage_InABackup_LeavesNoCopy()
    {
        Fill();
        DamageKeys();
        using var store = SqliteInspectionStore.OpenForReading(StorePath);
        Assert.Contains(Remedy, Assert.Throws<InspectionStoreException>(() => store.Backup(_folder["copy.db"])).Message, StringComparison.Ordinal);
        Assert.Equal([StorePath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void StumpWithAnEmptyLog_AtAStart_IsRefused()
    {
        Fill();
        File.WriteAllBytes(StorePath, File.ReadAllBytes(StorePath)[..100]);
        File.WriteAllBytes(StorePath + "-wal", []);
        Assert.Contains("only 100 bytes are left of it", Assert.Throws<InspectionStoreException>(() => new SqliteInspectionStore(StorePath, TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Log_ManyWrites_StaysBounded(bool withChecks)
    {
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        for (var i = 0; i < 60; i++)
        {
            Inspect(store, i, new string('x', 1_000_000));
            if (withChecks)
            {
                store.Check();
            }
        }

        Assert.InRange(new FileInfo(StorePath + "-wal").Length, 1, withChecks ? 5_000_000 : 25_000_000);
    }

    private static void Inspect(SqliteInspectionStore store, int id, string frame)
    {
        var trigger = new AcceptedTrigger("s", "7", $"{id}", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        store.TryAccept(trigger);
        store.Complete(new InspectionRecord(trigger, Verdict.Error("r"), frame, null, null, 1, DateTimeOffset.UnixEpoch));
    }

    private void Fill()
    {
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        for (var i = 0; i < 200; i++)
        {
            Inspect(store, i, "frame");
        }
    }

    /// <summary>Overwrites the first page of the index by which triggers are found.</summary>
    private void DamageKeys()
    {
        var page = (long)SqliteFile.Run(StorePath, "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_inspection_2'")!;
        using var file = new FileStream(StorePath, FileMode.Open);
        file.Position = (page - 1) * 4096;
        file.Write(Enumerable.Repeat((byte)0xEE, 4096).ToArray());
    }
}
