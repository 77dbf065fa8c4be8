using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.LiteDb;

/// <summary>A page that cannot be read, found at start, while running, or by a check.</summary>
public sealed class LiteDbDamageTests : IDisposable
{
    private const string Remedy = "The file is damaged: move it away (with its .journal), put the last backup there or start with a new one, and check the disk.";

    private readonly TemporaryFolder _folder = new();

    public LiteDbDamageTests()
    {
        using var store = Open(StorePath);
        for (var i = 0; i < 40; i++)
        {
            var trigger = new AcceptedTrigger("s", "7", $"{i}", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            store.TryAccept(trigger);
            store.Complete(new InspectionRecord(trigger, Verdict.Error("r"), new string('x', 1000), null, null, 1, DateTimeOffset.UnixEpoch));
        }
    }

    private string StorePath => _folder["station.db"];

    private int Pages => (int)(new FileInfo(StorePath).Length / LiteDbFiles.PageBytes);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DamagedPage_WhileRunning_IsToldAndTheStoreStaysUnhealthy()
    {
        DamageRecords();
        using var store = Open(StorePath);
        store.Check();
        var failure = Assert.Throws<InspectionStoreException>(() => store.Records(0, 100));
        Assert.StartsWith($"The inspection store '{StorePath}' failed at reading records: page ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, failure.Message, StringComparison.Ordinal);

        // The page that a check writes is sound; the file is not.
        Assert.Equal(failure.Message, Assert.Throws<InspectionStoreException>(store.Check).Message);
    }

    [Fact]
    public void DamagedPage_AtAStartAfterAnUncleanEnd_IsRefused()
    {
        DamageRecords();
        using var running = Open(StorePath);
        running.NextAgentEpoch();
        var killed = LiteDbFiles.CopyAsAfterAKill(StorePath, _folder["killed.db"]);
        var failure = Assert.Throws<InspectionStoreException>(() => Open(killed));
        Assert.StartsWith($"The inspection store '{killed}' failed at checking it after an unclean end: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedPage_AnyOfThem_IsFoundByTheWholeFileCheck()
    {
        for (var page = 1; page < Pages; page++)
        {
            var copy = _folder[$"bad-{page}.db"];
            File.Copy(StorePath, copy);
            LiteDbFiles.Overwrite(copy, (page * LiteDbFiles.PageBytes) + 100 + (page * 37), 1);
            Assert.Contains($"page {page} is damaged: its checksum does not hold", Damage(copy), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DamagedPage_TheFirst_IsRefused()
    {
        LiteDbFiles.Overwrite(StorePath, 5000, 1);
        Assert.Contains(Remedy, Assert.Throws<InspectionStoreException>(() => Open(StorePath)).Message, StringComparison.Ordinal);
        Assert.Contains(Remedy, Assert.Throws<InspectionStoreException>(() => LiteDbInspectionStore.OpenForReading(StorePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_InThePlaceOfAnother_IsFound()
    {
        var bytes = File.ReadAllBytes(StorePath);
        bytes.AsSpan(3 * LiteDbFiles.PageBytes, LiteDbFiles.PageBytes).CopyTo(bytes.AsSpan(4 * LiteDbFiles.PageBytes));
        File.WriteAllBytes(StorePath, bytes);
        Assert.Contains("page 4 is damaged: its checksum does not hold", Damage(StorePath), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedPage_InABackup_LeavesNoCopy()
    {
        DamageRecords();
        using var store = LiteDbInspectionStore.OpenForReading(StorePath);
        Assert.Contains(Remedy, Assert.Throws<InspectionStoreException>(() => store.Backup(_folder["copy.db"])).Message, StringComparison.Ordinal);
        Assert.Equal([StorePath], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void FileCutOff_AtAStart_IsRefused()
    {
        var bytes = File.ReadAllBytes(StorePath);
        foreach (var length in new[] { 1, 100, LiteDbFiles.PageBytes - 1, LiteDbFiles.PageBytes, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(StorePath, bytes[..length]);
            var failure = Assert.Throws<InspectionStoreException>(() => Open(StorePath));
            Assert.Equal($"The inspection store '{StorePath}' failed at opening: only {length} bytes are left of it. {Remedy}", failure.Message);
            Assert.Equal(length, new FileInfo(StorePath).Length);
            Assert.Equal([StorePath], Directory.GetFiles(_folder.Path));
        }
    }

    [Fact]
    public void File_NotADatabase_SaysDamaged()
    {
        File.WriteAllText(StorePath, new string('x', 9000));
        Assert.EndsWith(Remedy, Assert.Throws<InspectionStoreException>(() => Open(StorePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_GoneWithItsJournalLeft_IsRefused()
    {
        using var running = Open(StorePath);
        running.NextAgentEpoch();
        var killed = LiteDbFiles.CopyAsAfterAKill(StorePath, _folder["killed.db"]);
        File.Delete(killed);
        Assert.Contains("its journal is there, the file is not", Assert.Throws<InspectionStoreException>(() => Open(killed)).Message, StringComparison.Ordinal);
    }

    /// <summary>What a check of the whole file finds, or the failure where it cannot even be opened.</summary>
    private static string Damage(string path)
    {
        try
        {
            using var store = LiteDbInspectionStore.OpenForReading(path);
            return Assert.Single(store.FindDamage());
        }
        catch (InspectionStoreException e)
        {
            return e.Message;
        }
    }

    private static LiteDbInspectionStore Open(string path) => new(path, TimeProvider.System);

    /// <summary>Overwrites a piece of every page that holds records.</summary>
    private void DamageRecords()
    {
        var bytes = File.ReadAllBytes(StorePath);
        var marker = Enumerable.Repeat((byte)'x', 500).ToArray();
        foreach (var page in Enumerable.Range(0, Pages).Where(p => bytes.AsSpan(p * LiteDbFiles.PageBytes, LiteDbFiles.PageBytes).IndexOf(marker) >= 0))
        {
            LiteDbFiles.Overwrite(StorePath, (page * LiteDbFiles.PageBytes) + 6000, 10);
        }
    }
}
