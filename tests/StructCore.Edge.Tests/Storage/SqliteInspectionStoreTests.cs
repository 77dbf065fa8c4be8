using System.IO.Compression;
using Microsoft.Data.Sqlite;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Tests.Storage;

public sealed class SqliteInspectionStoreTests : InspectionStoreContract
{
    [Fact]
    public void Complete_ProcessDiesAfterwards_RecordIsInTheFile()
    {
        using var store = Open(StorePath);
        store.TryAccept(Trigger("a"));
        store.TryAccept(Trigger("b"));
        var stored = store.Complete(Full("a"));

        // What lies on the disk now is what a killed process leaves behind: the file and its log, never checkpointed.
        var copy = Path.Combine(Folder, "copy.db");
        File.Copy(StorePath, copy);
        File.Copy(StorePath + "-wal", copy + "-wal");
        using var after = Open(copy);
        Assert.Equal([stored], after.Outbox(10));
        Assert.Equal([Trigger("b")], after.Unanswered());
    }

    [Fact]
    public void Open_LogCutOff_EveryPrefixIsAPastState()
    {
        using var store = Open(StorePath);
        for (var i = 0; i < 5; i++)
        {
            store.TryAccept(Trigger($"{i}"));
            store.Complete(Full($"{i}"));
        }

        var stored = store.Outbox(10);
        var (file, log) = (Bytes(StorePath), Bytes(StorePath + "-wal"));
        var seen = new HashSet<int>();
        for (var length = 0; length <= log.Length; length += 1 + (length / 20))
        {
            var copy = Path.Combine(Folder, $"cut-{length}.db");
            File.WriteAllBytes(copy, file);
            File.WriteAllBytes(copy + "-wal", log[..length]);
            using var cut = Open(copy);
            var records = cut.Outbox(10);
            Assert.Equal(stored.Take(records.Count), records);
            seen.Add(records.Count);
        }

        Assert.Contains(0, seen);
        Assert.True(seen.Count > 2);
    }

    [Fact]
    public void Open_FileCutOff_IsRefusedWithAMessageOrComplete()
    {
        using (var store = Open(StorePath))
        {
            for (var i = 0; i < 40; i++)
            {
                store.TryAccept(Trigger($"{i}"));
                store.Complete(Full($"{i}"));
            }
        }

        var bytes = Bytes(StorePath);
        var copy = Path.Combine(Folder, "cut.db");
        foreach (var length in Enumerable.Range(1, 120).Concat(Enumerable.Range(1, bytes.Length / 256).Select(i => i * 256)).Concat([bytes.Length - 1]).Where(n => n < bytes.Length))
        {
            File.WriteAllBytes(copy, bytes[..length]);
            var failure = Assert.Throws<InspectionStoreException>(() =>
            {
                using var store = Open(copy);
                store.Outbox(100);
            });
            Assert.Contains($"'{copy}'", failure.Message, StringComparison.Ordinal);
            Assert.Contains("The file is damaged: move it away", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_BytesOverwritten_NeverCrashes()
    {
        using (var store = Open(StorePath))
        {
            for (var i = 0; i < 20; i++)
            {
                store.TryAccept(Trigger($"{i}"));
                store.Complete(Full($"{i}"));
            }
        }

        var bytes = Bytes(StorePath);
        var copy = Path.Combine(Folder, "bad.db");
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 150; round++)
        {
            var bad = bytes.ToArray();
            random.NextBytes(bad.AsSpan(random.Next(bad.Length - 64), 64));
            File.WriteAllBytes(copy, bad);
            File.Delete(copy + "-wal");
            File.Delete(copy + "-shm");
            try
            {
                using var store = Open(copy);
                store.Outbox(100);
                store.Unanswered();
                store.Check();
            }
            catch (InspectionStoreException)
            {
                refused++;
            }
        }

        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void Open_NewerSchema_IsRefused()
    {
        Open(StorePath).Dispose();
        SqliteFile.Run(StorePath, "PRAGMA user_version = 99");
        var failure = Assert.Throws<InspectionStoreException>(() => Open(StorePath));
        Assert.Equal($"The inspection store '{StorePath}' has schema version 99, this program knows up to {StoreSchema.Migrations.Count}. A newer program wrote it: update this one, or set Store:Path to another file.", failure.Message);
    }

    [Fact]
    public void Open_LiteDbDatabase_NamesTheBuildThatReadsIt()
    {
        var path = Path.Combine(Folder, "packages.db");
        using (var released = new GZipStream(File.OpenRead(Path.Combine(SharedFiles.Repository, "tests", "StructCore.Edge.Packages.Tests", "LiteDb", "Released", "v1.db.gz")), CompressionMode.Decompress))
        using (var file = File.Create(path))
        {
            released.CopyTo(file);
        }

        Assert.Contains("run the build with -p:Adapters=packages", Assert.Throws<InspectionStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_IsRefused()
    {
        var path = Path.Combine(Folder, "other.db");
        SqliteFile.Run(path, "CREATE TABLE bookmarks (url TEXT)");
        Assert.Contains("is a database of another program", Assert.Throws<InspectionStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotADatabase_SaysDamaged()
    {
        var path = Path.Combine(Folder, "text.db");
        File.WriteAllText(path, new string('x', 5000));
        Assert.Contains("The file is damaged", Assert.Throws<InspectionStoreException>(() => Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DiskFull_IsAnErrorAndNothingIsHalfStored()
    {
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        store.TryAccept(Trigger("a"));
        SqliteFile.Run(store.Writer, "PRAGMA max_page_count = 1");
        var failure = Assert.Throws<InspectionStoreException>(() => store.Complete(Full("a") with { FrameId = new string('x', 100_000) }));
        Assert.Contains("Free some disk space", failure.Message, StringComparison.Ordinal);
        Assert.Empty(store.Outbox(10));

        SqliteFile.Run(store.Writer, "PRAGMA max_page_count = 1000000");
        Assert.Equal(1, store.Complete(Full("a")).Sequence);
    }

    [Fact]
    public void Check_FileNotWritable_SaysSo()
    {
        using var store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        SqliteFile.Run(store.Writer, "PRAGMA query_only = ON");
        Assert.Contains("this user may write the file", Assert.Throws<InspectionStoreException>(store.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AnotherProgramHoldsTheFile_SaysSo()
    {
        using var store = Open(StorePath);
        using var other = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        other.Open();
        SqliteFile.Run(other, "BEGIN IMMEDIATE");
        Assert.Contains("Another program holds the file", Assert.Throws<InspectionStoreException>(store.Check).Message, StringComparison.Ordinal);
    }

    private protected override IInspectionStore Open(string path) => new SqliteInspectionStore(path, TimeProvider.System);

    private protected override IInspectionStore Read(string path) => SqliteInspectionStore.OpenForReading(path);

    private static byte[] Bytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
