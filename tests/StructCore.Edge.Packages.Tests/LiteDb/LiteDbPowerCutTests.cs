using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.LiteDb;

/// <summary>What a power cut leaves: a journal without its end, with frames that never reached the disk, and a file whose checkpoint was cut off.</summary>
public sealed class LiteDbPowerCutTests : IDisposable
{
    private const int HeaderBytes = 16;
    private const int FrameBytes = LiteDbFiles.PageBytes + 16;

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<InspectionRecord> _stored;
    private readonly byte[] _file;
    private readonly byte[] _journal;
    private int _cuts;

    public LiteDbPowerCutTests()
    {
        var path = _folder["station.db"];
        using var store = new LiteDbInspectionStore(path, TimeProvider.System);
        for (var i = 0; i < 8; i++)
        {
            // The first half is in the file already.
            if (i == 4)
            {
                store.Check();
            }

            var trigger = new AcceptedTrigger("s", "7", $"{i}", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            store.TryAccept(trigger);
            store.Complete(new InspectionRecord(trigger, Verdict.Error("r"), new string('x', 3000 * i), null, null, 1, DateTimeOffset.UnixEpoch));
        }

        (_stored, _file, _journal) = (store.Records(0, 10), LiteDbFiles.Bytes(path), LiteDbFiles.Bytes(LiteDbFiles.Journal(path)));
    }

    private int Frames => (_journal.Length - HeaderBytes) / FrameBytes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_JournalCutOff_EveryPrefixIsAPastState()
    {
        var seen = new HashSet<int>();
        for (var length = 0; length <= _journal.Length; length += 1 + (_journal.Length / 60))
        {
            seen.Add(RecordsAfter(_file, _journal[..length]));
        }

        seen.Add(RecordsAfter(_file, _journal));
        Assert.Superset(new HashSet<int> { 4, 5, 6, 7, 8 }, seen);
    }

    [Fact]
    public void Open_AnyFrameNeverReachedTheDisk_IsAPastState()
    {
        for (var frame = 0; frame < Frames; frame++)
        {
            var journal = _journal.ToArray();
            journal.AsSpan(HeaderBytes + (frame * FrameBytes), 4096).Clear();
            Assert.InRange(RecordsAfter(_file, journal), 4, 7);
        }
    }

    [Fact]
    public void Open_FramesOfAnEarlierJournalBehind_AreNotTaken()
    {
        var journal = _journal.ToArray();
        journal[8] ^= 1;
        Assert.Equal(4, RecordsAfter(_file, journal));
    }

    [Fact]
    public void Open_CheckpointCutOff_IsDoneAgain()
    {
        // Each page that the checkpoint was to write, torn.
        var file = _file.ToArray();
        foreach (var page in Enumerable.Range(0, Frames).Select(f => BitConverter.ToInt32(_journal, HeaderBytes + (f * FrameBytes))).Where(p => (p + 1) * LiteDbFiles.PageBytes <= file.Length))
        {
            file.AsSpan((page * LiteDbFiles.PageBytes) + 4096, 4096).Fill(0xEE);
        }

        Assert.Equal(8, RecordsAfter(file, _journal));
    }

    private int RecordsAfter(byte[] file, byte[] journal)
    {
        var path = _folder[$"cut-{_cuts++}.db"];
        File.WriteAllBytes(path, file);
        File.WriteAllBytes(LiteDbFiles.Journal(path), journal);
        using var store = new LiteDbInspectionStore(path, TimeProvider.System);
        var records = store.Records(0, 100);
        Assert.Equal(_stored.Take(records.Count), records);
        Assert.Equal(records, store.Outbox(100));
        Assert.InRange(store.Unanswered().Count, 0, 1);
        Assert.Empty(store.FindDamage());
        Assert.True(LedgerVerifier.Verify(store, default).Intact);
        return records.Count;
    }
}
