using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Evidence;

public sealed class DiskGuardTests : IDisposable
{
    private const int MinFree = 1000;
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly EvidenceArchive _archive;
    private readonly long _disk = 10_000;
    private long _other;

    public DiskGuardTests() => _archive = new EvidenceArchive(new EvidenceOptions { Folder = _folder.Path }, _store, _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Guard_EnoughSpace_DeletesNothing()
    {
        Keep(3);
        _other = _disk - 300 - MinFree;
        var guard = Open();
        guard.Check();

        Assert.Null(guard.Failure);
        Assert.Equal(3, _archive.Files().Count());
    }

    [Fact]
    public void Guard_ShortOfSpace_DeletesTheOldestUntilThereIsAQuarterMore()
    {
        Keep(10);
        _other = _disk - 1000 - 950;
        var guard = Open();
        guard.Check();

        Assert.Null(guard.Failure);
        Assert.Equal(3, guard.Deleted);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10], _store.OldestEvidence(100).Select(f => f.Sequence));
    }

    [Fact]
    public void Guard_NothingLeftToDelete_FailsUntilSpaceIsBack()
    {
        Keep(2);
        _other = _disk - 200 - 100;
        List<string?> changes = [];
        var guard = Open();
        guard.Changed += () => changes.Add(guard.Failure);
        guard.Check();
        guard.Check();
        Assert.Empty(_archive.Files());

        // A little more than the limit is not enough to come back: it would go and come with every image.
        _other = _disk - MinFree - 100;
        guard.Check();
        Assert.NotNull(guard.Failure);
        _other = _disk - MinFree - 250;
        guard.Check();

        Assert.Equal(2, changes.Count);
        Assert.StartsWith("less than 0 MB are free under '/store'", changes[0], StringComparison.Ordinal);
        Assert.Null(changes[1]);
    }

    [Fact]
    public void Guard_OnlyTheStoresDiskIsFull_FailsAndLeavesTheEvidence()
    {
        Keep(3);
        var guard = new DiskGuard(MinFree, "/store", _archive, folder => folder == "/store" ? 10 : 1_000_000, _time, NullLogger<DiskGuard>.Instance);
        guard.Check();

        Assert.NotNull(guard.Failure);
        Assert.Equal(3, _archive.Files().Count());
    }

    [Fact]
    public void Guard_StoreCannotBeWritten_StillFreesTheFilesAndSeesTheSpace()
    {
        Keep(3);
        _other = _disk - 300 - 990;
        _store.Failure = "disk full";
        var guard = Open();
        guard.Check();

        Assert.Null(guard.Failure);
        Assert.Empty(_archive.Files());
    }

    [Fact]
    public void Guard_SpaceUnknown_ChangesNothing()
    {
        var known = true;
        var guard = new DiskGuard(MinFree, "/store", null, _ => known ? 10 : throw new IOException("gone"), _time, NullLogger<DiskGuard>.Instance);
        guard.Check();
        known = false;
        guard.Check();

        Assert.NotNull(guard.Failure);
    }

    [Fact]
    public async Task Guard_Woken_LooksWithoutWaitingForItsTime()
    {
        var looks = 0;
        using var looked = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var guard = new DiskGuard(
            MinFree,
            "/store",
            null,
            _ =>
            {
                looks++;
                looked.Release();
                return 10_000;
            },
            _time,
            NullLogger<DiskGuard>.Instance);
        var running = guard.RunAsync(stop.Token);
        Assert.True(await looked.WaitAsync(TimeSpan.FromSeconds(20)));
        var health = new StoreHealth(_store, _time);
        health.Failed += guard.Wake;
        health.Report(new InspectionStoreException("database or disk is full"));
        Assert.True(await looked.WaitAsync(TimeSpan.FromSeconds(20)));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2, looks);
    }

    [Fact]
    public void FreeBytes_OfAFolderThatIsNotThereYet_IsThatOfItsVolume()
    {
        Assert.True(DiskGuard.FreeBytes(_folder["not/there/yet"]) > 0);
    }

    private DiskGuard Open() => new(MinFree, "/store", _archive, _ => _disk - _other - _archive.Files().Sum(f => new FileInfo(_folder[f]).Length), _time, NullLogger<DiskGuard>.Instance);

    private void Keep(int images)
    {
        for (var i = 0; i < images; i++)
        {
            _archive.Keep(_store.Inspect($"{i}", _time), EvidenceKind.Frame, new byte[100]);
        }
    }
}
