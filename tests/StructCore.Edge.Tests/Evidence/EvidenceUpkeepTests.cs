using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Evidence;

public sealed class EvidenceUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_PastTheirAge_AreDeletedAndNoOthers()
    {
        var (archive, upkeep) = Open(new EvidenceOptions { MaxAgeDays = 3 });
        for (var day = 0; day < 5; day++)
        {
            archive.Keep(_store.Inspect($"{day}", _time), EvidenceKind.Frame, new byte[10]);
            _time.Advance(TimeSpan.FromDays(1));
        }

        await RunAsync(upkeep.DeleteDueAsync);

        Assert.Equal([3, 4, 5], Kept());
        Assert.Equal(3, archive.Files().Count());
    }

    [Fact]
    public async Task Images_BeyondTheSize_GoOldestFirstWhateverTheirVerdict()
    {
        var (archive, upkeep) = Open(new EvidenceOptions { MaxGigabytes = 0.001 });
        foreach (var decision in (Decision[])[Decision.Reject, Decision.Accept, Decision.Error, Decision.Accept, Decision.Reject])
        {
            archive.Keep(_store.Inspect($"{decision}{_store.Accepted.Count}", _time, decision), EvidenceKind.Frame, new byte[300_000]);
        }

        await RunAsync(upkeep.DeleteDueAsync);

        Assert.Equal([3, 4, 5], Kept());
        Assert.Equal(900_000, archive.Bytes);
    }

    [Fact]
    public async Task Images_MoreThanABatchIsDue_GoAll()
    {
        var (archive, upkeep) = Open(new EvidenceOptions { MaxAgeDays = 1 });
        for (var i = 0; i < EvidenceArchive.Batch + 6; i++)
        {
            archive.Keep(_store.Inspect($"{i}", _time), EvidenceKind.Frame, [1]);
        }

        _time.Advance(TimeSpan.FromDays(2));
        await RunAsync(upkeep.DeleteDueAsync);

        Assert.Empty(Kept());
        Assert.Empty(archive.Files());
    }

    [Fact]
    public async Task Upkeep_StoreFailsForAWhile_GoesOnAfterwards()
    {
        var (archive, upkeep) = Open(new EvidenceOptions { MaxAgeDays = 1 });
        archive.Keep(_store.Inspect("a", _time), EvidenceKind.Frame, [1]);
        _time.Advance(TimeSpan.FromDays(2));
        _store.Failure = "disk full";
        using var stop = new CancellationTokenSource();
        var running = upkeep.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => !archive.Files().Any());
        Assert.NotEmpty(Kept());

        _store.Failure = null;
        await AdvanceUntilAsync(() => Kept().Length == 0);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private (EvidenceArchive Archive, EvidenceUpkeep Upkeep) Open(EvidenceOptions options)
    {
        options.Folder = _folder.Path;
        var archive = new EvidenceArchive(options, _store, _time);
        return (archive, new EvidenceUpkeep(archive, _time, NullLogger<EvidenceUpkeep>.Instance));
    }

    private long[] Kept() => [.. _store.OldestEvidence(1000).Select(f => f.Sequence)];

    private async Task RunAsync(Func<CancellationToken, Task> work)
    {
        var running = work(TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(() => running.IsCompleted);
        await running;
    }

    private Task AdvanceUntilAsync(Func<bool> happened) => _time.AdvanceUntilAsync(happened, TimeSpan.FromMilliseconds(500));
}
