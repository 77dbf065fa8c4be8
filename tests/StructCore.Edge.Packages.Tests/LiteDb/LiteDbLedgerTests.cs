using LiteDB;
using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.LiteDb;

/// <summary>What somebody does to the file with LiteDB's tools, the ledger shows.</summary>
public sealed class LiteDbLedgerTests : IDisposable
{
    private const int Count = 3;

    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public LiteDbLedgerTests()
    {
        using var store = new LiteDbInspectionStore(StorePath, TimeProvider.System);
        for (var i = 1; i <= Count; i++)
        {
            var trigger = new AcceptedTrigger("s", "7", $"{i}", "part", "cap", "top", Noon, Noon.AddSeconds(1));
            var verdict = new Verdict(Decision.Reject, "why")
            {
                Score = 1.5f,
                Threshold = 1.25f,
                PValue = 0.25f,
                Category = "cap",
                RouteDistance = 0.5f,
                Bank = new BankIdentity("cap-v1", 1, "ab"),
                Timings = new StageTimings(1, 2, 3, 4, 5, 15),
            };
            store.TryAccept(trigger);
            store.Complete(new InspectionRecord(trigger, verdict, "frame", Noon, 7.5, 3, Noon));
        }
    }

    private string StorePath => _folder["station.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_AnyFieldOfARecordChanged_NamesTheRecord()
    {
        string[] aside = ["_id", "delivered", Documents.Key, Documents.TriggerKey];
        string[] fields = [];
        LiteDbFiles.Change(StorePath, database => fields = [.. database.GetCollection("record").FindById(2).Keys.Except(aside)]);
        Assert.Equal(31, fields.Length);
        foreach (var field in fields)
        {
            BsonValue before = BsonValue.Null;
            ChangeRecord(document => (before, document[field]) = (document[field], Other(field, document[field])));
            Assert.True(Verify().Breaks is [{ Kind: LedgerBreakKind.Changed, First: 2 }, ..], field);
            ChangeRecord(document => document[field] = before);
        }

        Assert.True(Verify().Intact);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Verify_RecordDeleted_NamesIt(int record)
    {
        LiteDbFiles.Change(StorePath, database => database.GetCollection("record").Delete((long)record));
        var found = Verify().Breaks[0];
        Assert.Equal((LedgerBreakKind.Missing, (long)record), (found.Kind, found.First));
    }

    [Fact]
    public void Verify_DeliveredLater_IsIntact()
    {
        ChangeRecord(document => document["delivered"] = true);
        Assert.True(Verify().Intact);
    }

    private static BsonValue Other(string field, BsonValue value) => value.Type switch
    {
        BsonType.String => value.AsString + "x",
        BsonType.Int32 => field == "decision" ? 1 : value.AsInt32 + 1,
        BsonType.Int64 => value.AsInt64 + 1,
        _ => value.AsDouble * 1.0000002,
    };

    private void ChangeRecord(Action<BsonDocument> change) => LiteDbFiles.Change(StorePath, database =>
    {
        var document = database.GetCollection("record").FindById(2L);
        change(document);
        database.GetCollection("record").Update(document);
    });

    private LedgerReport Verify()
    {
        using var store = LiteDbInspectionStore.OpenForReading(StorePath);
        return LedgerVerifier.Verify(store, default);
    }
}
