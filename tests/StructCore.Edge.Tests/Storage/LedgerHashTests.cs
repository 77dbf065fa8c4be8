using System.Security.Cryptography;
using System.Text;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

public sealed class LedgerHashTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_Record_IsTheHashOfItsDocumentedForm()
    {
        var trigger = new AcceptedTrigger("s", "7", "\"ä\"", null, "cap", "", Noon, Noon.AddTicks(1));
        var verdict = new Verdict(Decision.Reject, "why") { Score = 0.1f, Threshold = -0f, Category = "cap", Bank = new BankIdentity("cap-v3", 3, "ab"), Timings = new StageTimings(1, 0, 0, 0, 0, 0.1) };
        var record = new InspectionRecord(trigger, verdict, null, Noon.ToOffset(TimeSpan.FromHours(2)), 12.25, 5, Noon, Sequence: 42, Delivered: true, PreviousHash: "ff");

        const string Zero = "16:0000000000000000,";
        const string Form = "structcore-ledger-1" +
            "2:ff,2:42," +
            "1:s,1:7,4:\"ä\",-,3:cap,0:,28:2026-05-04T12:00:00.0000000Z,28:2026-05-04T12:00:00.0000001Z," +
            "1:2,3:why,8:3dcccccd,8:00000000,3:cap,-,6:cap-v3,1:3,2:ab," +
            "16:3ff0000000000000," + Zero + Zero + Zero + Zero + "16:3fb999999999999a," +
            "-,28:2026-05-04T12:00:00.0000000Z,16:4028800000000000,1:5,28:2026-05-04T12:00:00.0000000Z,";
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Form))), LedgerHash.Of(record));
    }

    /// <summary>Records from before there were p-values keep their hash; one that is changed, added or taken away does not.</summary>
    [Fact]
    public void Of_PValue_CountsWhereThereIsOne()
    {
        var record = new InspectionRecord(new AcceptedTrigger("s", "7", "a", null, null, null, Noon, Noon), new Verdict(Decision.Accept, "r"), null, null, null, 1, Noon);
        var hashes = new float?[] { null, 0, 0.25f, 0.5f }.Select(p => LedgerHash.Of(record with { Verdict = record.Verdict with { PValue = p } }));
        Assert.Equal(4, hashes.Distinct().Count());
    }

    [Fact]
    public void Of_OneFieldMovedIntoAnother_IsAnother()
    {
        var trigger = new AcceptedTrigger("s", "7", "a", "1:", "x", null, Noon, Noon);
        var record = new InspectionRecord(trigger, Verdict.Error("r"), null, null, null, 1, Noon);
        var hashes = new[] { trigger, trigger with { PartId = "", Recipe = "1:x" }, trigger with { PartId = null, Recipe = "1:x" }, trigger with { PartId = "1:x", Recipe = "" } }
            .Select(t => LedgerHash.Of(record with { Trigger = t }));
        Assert.Equal(4, hashes.Distinct().Count());
    }

    [Fact]
    public void Of_DeliveredLater_StaysTheSame()
    {
        var record = new InspectionRecord(new("s", "7", "a", null, null, null, Noon, Noon), Verdict.Error("r"), null, null, null, 1, Noon);
        Assert.Equal(LedgerHash.Of(record), LedgerHash.Of(record with { Delivered = true }));
    }
}
