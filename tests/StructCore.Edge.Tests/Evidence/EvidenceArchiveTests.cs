using System.Security.Cryptography;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Evidence;

public sealed class EvidenceArchiveTests : IDisposable
{
    private static readonly byte[] Image = [1, 2, 3];
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly EvidenceArchive _archive;

    public EvidenceArchiveTests() => _archive = new EvidenceArchive(new EvidenceOptions { Folder = _folder.Path }, _store, _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keep_AnImage_WritesFileAndRow()
    {
        _archive.Keep(_store.Inspect("a", _time), EvidenceKind.Frame, Image);

        var row = Assert.Single(_store.Evidence(1));
        Assert.Equal(("plant/line/one/2026-02-03/040506-00000001-reject.png", 3, Convert.ToHexStringLower(SHA256.HashData(Image))), (row.Path, row.Bytes, row.Sha256));
        Assert.Equal(Image, File.ReadAllBytes(_folder[row.Path]));
        Assert.Equal([row.Path], _archive.Files());
    }

    [Fact]
    public void Keep_Twice_IsOneFileAndOneRow()
    {
        var record = _store.Inspect("a", _time);
        _archive.Keep(record, EvidenceKind.Frame, Image);
        _archive.Keep(record, EvidenceKind.Frame, Image);
        _archive.Keep(record, EvidenceKind.Overlay, Image);

        Assert.Equal([EvidenceKind.Frame, EvidenceKind.Overlay], _store.Evidence(1).Select(f => f.Kind));
        Assert.Equal(6, _archive.Bytes);
    }

    [Fact]
    public void Keep_HostileIds_TakeNoPartInTheName()
    {
        var trigger = new AcceptedTrigger(Parts.Station, "\"../../e\"", "\"../../../etc/passwd\"", "../part", "../recipe", "../camera", _time.GetUtcNow(), _time.GetUtcNow());
        _store.TryAccept(trigger);
        var verdict = Verdict.Error("../reason") with { Category = "../category" };
        _archive.Keep(_store.Complete(new InspectionRecord(trigger, verdict, "../frame", null, null, 1, _time.GetUtcNow())), EvidenceKind.Frame, Image);

        Assert.Equal("plant/line/one/2026-02-03/040506-00000001-error.png", Assert.Single(_archive.Files()));
    }

    [Fact]
    public void Keep_StoreFails_LeavesAFileThatTheNextTryRecords()
    {
        var record = _store.Inspect("a", _time);
        _store.Failure = "disk full";
        Assert.Throws<InspectionStoreException>(() => _archive.Keep(record, EvidenceKind.Frame, Image));
        _store.Failure = null;
        _archive.Keep(record, EvidenceKind.Frame, Image);

        Assert.Equal(Assert.Single(_archive.Files()), Assert.Single(_store.Evidence(1)).Path);
    }

    [Fact]
    public void DeleteOldest_UpToTheFirstNotDue_TakesFilesRowsAndEmptyDays()
    {
        KeepThree();
        Assert.Equal((2, 6), _archive.DeleteOldest(f => f.Sequence < 3));

        Assert.Equal(3, Assert.Single(_store.OldestEvidence(10)).Sequence);
        Assert.Equal("plant/line/one/2026-02-04/040506-00000003-reject.png", Assert.Single(_archive.Files()));
        Assert.False(Directory.Exists(_folder["plant/line/one/2026-02-03"]));
        Assert.Equal(3, _archive.Bytes);
    }

    [Fact]
    public void DeleteOldest_RowThatPointsElsewhere_TouchesNoFileThere()
    {
        var victim = Path.Combine(Path.GetDirectoryName(_folder.Path)!, Path.GetRandomFileName());
        File.WriteAllBytes(victim, Image);
        try
        {
            _store.AddEvidence(new EvidenceFile(0, 1, EvidenceKind.Frame, $"../{Path.GetFileName(victim)}", 3, "", _time.GetUtcNow()));
            Assert.Equal(1, _archive.DeleteOldest(_ => true).Files);
            Assert.True(File.Exists(victim));
        }
        finally
        {
            File.Delete(victim);
        }
    }

    [Fact]
    public void DeleteOldest_CrashBeforeTheRows_ForgetsThemAtTheNextStart()
    {
        KeepThree();
        _store.Failure = "killed";
        Assert.Throws<InspectionStoreException>(() => _archive.DeleteOldest(f => f.Sequence < 3));
        _store.Failure = null;
        Assert.Equal(3, _store.OldestEvidence(10).Count);

        Assert.Equal(2, _archive.ForgetMissing());
        Assert.Equal(3, Assert.Single(_store.OldestEvidence(10)).Sequence);
    }

    [Fact]
    public void ForgetMissing_NoFileIsThere_KeepsTheRowsForADiskThatIsNotMounted()
    {
        KeepThree();
        Directory.Delete(_folder["plant"], recursive: true);

        Assert.Equal(0, _archive.ForgetMissing());
        Assert.Equal(3, _store.OldestEvidence(10).Count);
    }

    [Fact]
    public void Settle_WhatACrashLeft_IsDeletedAndNothingElse()
    {
        KeepThree();
        var orphan = Lay("plant/line/one/2026-02-03/040506-00000001-reject.jpg");
        var torn = Lay("plant/line/one/2026-02-03/040506-00000002-reject.jpg.tmp");
        var others = Lay("plant/line/one/2026-02-03/040507-00000001-reject.png");
        var unknown = Lay("plant/line/two/2026-02-03/040506-00000009-accept.png");
        foreach (var name in (string[])["notes.txt", "plant/line/one/2026-02-03/readme.png", "a/b/c/2026-02-03/1-1-reject.png.tmp"])
        {
            Lay(name);
        }

        var settled = _archive.Files().ToDictionary(f => f, _archive.Settle);

        Assert.Equal([orphan, torn], settled.Where(s => s.Value == FileStanding.Orphan).Select(s => s.Key).Order());
        Assert.Equal([others, unknown], settled.Where(s => s.Value == FileStanding.Foreign).Select(s => s.Key).Order());
        Assert.Equal(3, settled.Count(s => s.Value == FileStanding.Known));
        Assert.Equal(8, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length);
        Assert.All([orphan, torn], f => Assert.False(File.Exists(_folder[f])));
    }

    private void KeepThree()
    {
        _archive.Keep(_store.Inspect("a", _time), EvidenceKind.Frame, Image);
        _archive.Keep(_store.Inspect("b", _time), EvidenceKind.Frame, Image);
        _time.Advance(TimeSpan.FromDays(1));
        _archive.Keep(_store.Inspect("c", _time), EvidenceKind.Frame, Image);
    }

    private string Lay(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllBytes(_folder[path], Image);
        return path;
    }
}
