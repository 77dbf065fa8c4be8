using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Evidence;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Tests.Evidence;

/// <summary>Store and evidence on one real disk that is too small for them.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Megabyte = 1_000_000;
    private readonly SmallDisk _disk = new(24);
    private readonly SqliteInspectionStore _store;
    private readonly EvidenceArchive _archive;
    private readonly DiskGuard _guard;

    public FullDiskTests()
    {
        _store = new SqliteInspectionStore(_disk["store.db"], TimeProvider.System);
        _archive = new EvidenceArchive(new EvidenceOptions { Folder = _disk["evidence"] }, _store, TimeProvider.System);
        _guard = new DiskGuard(8 * Megabyte, _disk.Path, _archive, DiskGuard.FreeBytes, TimeProvider.System, NullLogger<DiskGuard>.Instance);
    }

    public void Dispose()
    {
        _store.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public void Evidence_MoreThanTheDiskHolds_GivesWayToWhatIsNew()
    {
        for (var i = 1; i <= 60; i++)
        {
            _archive.Keep(_store.Inspect($"{i}", TimeProvider.System), EvidenceKind.Frame, new byte[Megabyte]);
            _guard.Check();
            Assert.Null(_guard.Failure);
        }

        Assert.Equal(60, _store.OldestEvidence(100)[^1].Sequence);
        Assert.Equal(_store.OldestEvidence(100).Select(f => f.Path).Order(), _archive.Files().Order());
        Assert.InRange(DiskGuard.FreeBytes(_disk.Path), 8 * Megabyte, 24 * Megabyte);
    }

    [Fact]
    public void Disk_FilledByOthers_FailsEvenWithoutEvidenceAndRecovers()
    {
        for (var i = 1; i <= 3; i++)
        {
            _archive.Keep(_store.Inspect($"{i}", TimeProvider.System), EvidenceKind.Frame, new byte[Megabyte]);
        }

        _disk.Fill();
        Assert.Throws<InspectionStoreException>(() => Enumerable.Range(0, 10_000).Select(i => _store.Inspect($"x{i}", TimeProvider.System)).Last());
        _guard.Check();
        _disk.Fill();
        _guard.Check();
        Assert.NotNull(_guard.Failure);
        Assert.Empty(_archive.Files());

        _disk.Clear();
        _guard.Check();
        Assert.Null(_guard.Failure);
        _archive.Keep(_store.Inspect("after", TimeProvider.System), EvidenceKind.Frame, new byte[Megabyte]);
        Assert.Single(_archive.Files());
    }
}
