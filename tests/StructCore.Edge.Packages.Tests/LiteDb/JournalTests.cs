using StructCore.Edge.Packages.LiteDb;

namespace StructCore.Tests.LiteDb;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["store.journal"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FramesBehindTheWantedOnes_AreForgotten()
    {
        using (var journal = Journal.Open(Path))
        {
            Write(journal, 0, page: 7, confirmed: true);
            journal.Commit();
            Write(journal, 1, page: 8, confirmed: true);
        }

        using (var all = Journal.OpenForReading(Path, TimeSpan.Zero)!)
        {
            Assert.Equal([7u, 8u], all.Pages.Keys.Order());
        }

        using (var first = Journal.Open(Path, atMost: 1))
        {
            Assert.Equal([7u], first.Pages.Keys);
        }

        using var again = Journal.Open(Path);
        Assert.Equal([7u], again.Pages.Keys);
    }

    [Fact]
    public void Open_TransactionWithoutItsEnd_IsForgotten()
    {
        using (var journal = Journal.Open(Path))
        {
            Write(journal, 0, page: 7, confirmed: false);
            Write(journal, 1, page: 8, confirmed: false);
        }

        using var again = Journal.Open(Path);
        Assert.Equal((0, 0), (again.Pages.Count, again.Length));
    }

    [Fact]
    public void Commit_LiteDbsThreadHasNotWrittenYet_WaitsForIt()
    {
        using var journal = Journal.Open(Path);
        var commit = new Thread(journal.Commit);
        commit.Start();
        SpinWait.SpinUntil(() => commit.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped);
        Write(journal, 0, page: 7, confirmed: false);
        Write(journal, 1, page: 8, confirmed: true);
        commit.Join();
        Assert.Equal(2, journal.Committed);
    }

    [Fact]
    public void Commit_WriteFailed_Throws()
    {
        using var journal = Journal.Open(Path);
        journal.Dispose();
        Write(journal, 0, page: 7, confirmed: true);
        Assert.Throws<IOException>(journal.Commit);
    }

    [Fact]
    public void TryTakeAlone_SomebodyReads_IsRefusedAndGoesOnShared()
    {
        using var journal = Journal.Open(Path);
        using (Journal.OpenForReading(Path, TimeSpan.Zero))
        {
            Assert.False(journal.TryTakeAlone());
            Write(journal, 0, page: 7, confirmed: true);
            journal.Commit();
        }

        Assert.True(journal.TryTakeAlone());
        Assert.Throws<IOException>(() => Journal.OpenForReading(Path, TimeSpan.Zero));
        journal.Share();
        using var reader = Journal.OpenForReading(Path, TimeSpan.Zero)!;
        Assert.Equal([7u], reader.Pages.Keys);
    }

    [Fact]
    public void OpenForReading_None_IsNone() => Assert.Null(Journal.OpenForReading(Path, TimeSpan.Zero));

    private static void Write(Journal journal, long number, byte page, bool confirmed)
    {
        // LiteDB's header: the page's number first, at 18 the mark of a transaction's last page.
        var bytes = new byte[LiteDbFiles.PageBytes];
        (bytes[0], bytes[18]) = (page, confirmed ? (byte)1 : (byte)0);
        journal.Position = number * LiteDbFiles.PageBytes;
        journal.Write(bytes, 0, bytes.Length);
    }
}
