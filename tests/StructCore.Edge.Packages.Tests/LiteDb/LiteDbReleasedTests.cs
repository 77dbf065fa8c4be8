using System.IO.Compression;
using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.LiteDb;

/// <summary>The files of every released schema version, as their program left them when it was killed, in <c>Released</c>.</summary>
public sealed class LiteDbReleasedTests : IDisposable
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 8, 9, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);

    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["station.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_Version1_KeepsEveryDocument(bool forReading)
    {
        Release(1);
        using var store = forReading ? LiteDbInspectionStore.OpenForReading(StorePath) : new LiteDbInspectionStore(StorePath, TimeProvider.System);

        var records = store.Records(0, 100);
        Assert.Equal([(2, Decision.Accept, true), (3, Decision.Reject, true), (4L, Decision.Error, false)], records.Select(r => (r.Sequence, r.Verdict.Decision, r.Delivered)));
        var verdict = new Verdict(Decision.Reject, "above_threshold")
        {
            Score = 5.25f,
            Threshold = 4.5f,
            PValue = 0.25f,
            Category = "cap",
            RouteDistance = 1 / 3f,
            Bank = new BankIdentity("cap-v3", 3, "0123abcd"),
            Timings = new StageTimings(0.1, 1.5, 20.25, 3, 4, 1 / 3d),
        };
        Assert.Equal(new InspectionRecord(Trigger("\"b\"", 20), verdict, "frame-20", Time.AddSeconds(20), 12.25, 6, Time.AddSeconds(21), 3, Delivered: true, records[0].Hash, records[1].Hash), records[1]);
        Assert.Equal(records[1], store.Find("site1/line1/s", "7", "\"b\""));
        Assert.Equal([records[1]], store.FindByTriggerId("\"b\""));
        Assert.Equal([3L, 4L], store.Outbox(10).Select(r => r.Sequence));
        Assert.Equal(2, store.OutboxSize());
        Assert.Equal([Trigger("\"open\"", 40) with { PartId = "ü \U0001F600" }], store.Unanswered());
        Assert.Equal([new EvidenceFile(1, 3, EvidenceKind.Frame, "2026/08/09/3.png", 12345, new string('e', 64), Time.AddSeconds(22))], store.Evidence(3));
        Assert.Equal(12345, store.EvidenceBytes());
        Assert.Equal([new StoredCalibration("cap", 3, "0123abcd", "{\"threshold\": 4.5}", Time)], store.Calibrations("cap"));
        Assert.Equal("{\"version\": 1}", store.TrustDocument());
        var standing = new BankStanding("site1/line1/s", "cap", new("cap-v3", 3, "aa3"), new("cap-v2", 2, "aa2"), 4, Time) { Calibration = "{}", HighestCalibration = 7, OnProbation = true, CalibrationBefore = "", ProbationStarts = 2 };
        Assert.Equal([standing], store.BankStandings());
        Assert.Equal([BankEventKind.Activated, BankEventKind.TrustChanged], store.BankEvents(null, null, 10).Select(e => e.Kind));
        Assert.Equal(["key-1", "key-2"], store.BankEvents(null, "cap", 10)[0].SignedBy);
        var report = LedgerVerifier.Verify(store, default);
        Assert.Equal((true, 3L, 1L, 4L), (report.Intact, report.Records, report.Begin, report.Head));
        Assert.Empty(store.FindDamage());
    }

    [Fact]
    public void Open_Version1_GoesOn()
    {
        Release(1);
        using var store = new LiteDbInspectionStore(StorePath, TimeProvider.System);
        Assert.Equal(7, store.NextAgentEpoch());
        Assert.False(store.TryAccept(Trigger("17", 30)));
        Assert.Equal(5, store.Complete(new InspectionRecord(store.Unanswered()[0], Verdict.Error("restarted"), null, null, null, 7, Time)).Sequence);
        Assert.Equal(2, store.AddEvidence(new EvidenceFile(0, 5, EvidenceKind.Overlay, "5.jpg", 1, "00", Time)).Id);
        Assert.True(LedgerVerifier.Verify(store, default).Intact);
    }

    private static AcceptedTrigger Trigger(string id, int seconds) => new("site1/line1/s", "7", id, "part-1", "cap", "top", Time.AddSeconds(seconds), Time.AddSeconds(seconds + 2));

    private void Release(int version)
    {
        var released = Path.Combine(SharedFiles.Repository, "tests", "StructCore.Edge.Packages.Tests", "LiteDb", "Released", $"v{version}.db");
        Unpack(released, StorePath);
        Unpack(LiteDbFiles.Journal(released), LiteDbFiles.Journal(StorePath));
    }

    private static void Unpack(string packed, string path)
    {
        using var from = new GZipStream(File.OpenRead(packed + ".gz"), CompressionMode.Decompress);
        using var to = File.Create(path);
        from.CopyTo(to);
    }
}
