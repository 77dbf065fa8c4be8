using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Storage;

/// <summary>What somebody does to the file with a database tool, the ledger shows.</summary>
public sealed class SqliteLedgerTests : IDisposable
{
    private const int Count = 4;

    private readonly TemporaryFolder _folder = new();

    public SqliteLedgerTests()
    {
        using var store = new SqliteInspectionStore(Original, TimeProvider.System);
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

    public static TheoryData<string> Columns => [.. InspectionRow.RecordColumns.Split(',', StringSplitOptions.TrimEntries).Except(["delivered"])];

    private static DateTimeOffset Noon => new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private string Original => _folder["original.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Columns))]
    public void Verify_OneFieldOfAnyRecordChanged_NamesTheRecord(string column)
    {
        for (var record = 1; record <= Count; record++)
        {
            var report = VerifyAfter($"""
                UPDATE inspection SET {column} = CASE
                    WHEN '{column}' = 'sequence' THEN 99
                    WHEN '{column}' IN ('received_at', 'deadline', 'captured_at', 'decided_at') THEN replace({column}, '.0000000Z', '.0000001Z')
                    WHEN typeof({column}) = 'text' THEN {column} || 'x'
                    WHEN '{column}' = 'decision' THEN 1
                    WHEN typeof({column}) = 'real' THEN {column} * 1.0000002
                    ELSE {column} + 1 END
                WHERE sequence = {record}
                """);
            Assert.Contains(report.Breaks, found => found.First == record);
        }
    }

    [Theory]
    [InlineData("part_id")]
    [InlineData("score")]
    [InlineData("category")]
    [InlineData("captured_at")]
    public void Verify_OneFieldRemoved_NamesTheRecord(string column) =>
        Assert.Equal((LedgerBreakKind.Changed, 2L), First(VerifyAfter($"UPDATE inspection SET {column} = NULL WHERE sequence = 2")));

    [Fact]
    public void Verify_DeliveredLater_IsIntact() => Assert.True(VerifyAfter("UPDATE inspection SET delivered = 1").Intact);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Verify_RecordDeleted_NamesIt(int record) =>
        Assert.Equal((LedgerBreakKind.Missing, (long)record), First(VerifyAfter($"DELETE FROM inspection WHERE sequence = {record}")));

    [Fact]
    public void Verify_NewestDeletedAndHeadSetBack_IsBrokenAtTheHead() =>
        Assert.Equal((LedgerBreakKind.Head, 3L), First(VerifyAfter("DELETE FROM inspection WHERE sequence = 4; UPDATE agent SET last_sequence = 3")));

    [Fact]
    public void Verify_TwoVerdictsSwapped_NamesBoth()
    {
        var report = VerifyAfter("""
            UPDATE inspection SET sequence = 99 WHERE sequence = 2;
            UPDATE inspection SET sequence = 2 WHERE sequence = 3;
            UPDATE inspection SET sequence = 3 WHERE sequence = 99;
            """);
        Assert.Equal([2L, 3L], report.Breaks.Where(found => found.Kind == LedgerBreakKind.Changed).Select(found => found.First));
    }

    [Fact]
    public void Verify_RecordCopiedToTheEnd_IsExtra() =>
        Assert.Contains(VerifyAfter($"""
            INSERT INTO inspection ({InspectionRow.RecordColumns})
            SELECT {InspectionRow.RecordColumns.Replace("trigger_id", "'new'", StringComparison.Ordinal).Replace("sequence", "5", StringComparison.Ordinal)} FROM inspection WHERE sequence = 4
            """).Breaks, found => found is { Kind: LedgerBreakKind.Extra, First: 5 });

    private static (LedgerBreakKind Kind, long First) First(LedgerReport report) => (report.Breaks[0].Kind, report.Breaks[0].First);

    private LedgerReport VerifyAfter(string sql)
    {
        var copy = _folder[$"{Guid.NewGuid():N}.db"];
        File.Copy(Original, copy);
        SqliteFile.Run(copy, sql);
        using var store = SqliteInspectionStore.OpenForReading(copy);
        return LedgerVerifier.Verify(store, default);
    }
}
