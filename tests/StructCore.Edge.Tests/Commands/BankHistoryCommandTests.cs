using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Tests.Storage;

namespace StructCore.Tests.Commands;

/// <summary><c>bank history</c>, beside a store that is in use.</summary>
public sealed class BankHistoryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteInspectionStore _store;

    public BankHistoryCommandTests() => _store = new SqliteInspectionStore(StorePath, TimeProvider.System);

    private string StorePath => _folder["station.db"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task History_NothingUpdated_SaysSo() =>
        Assert.Equal($"No bank was updated remotely, as far as '{StorePath}' tells: the newest file of each category decides.", (await RunAsync()).TrimEnd());

    [Fact]
    public async Task History_ForPeople_TellsStandingsAndEventsNewestFirst()
    {
        Fill();
        var text = await RunAsync();
        Assert.Matches("site1/line1/s +cap +cap-v3 +2026-08-09 12:00:00Z +cap-v2 +on probation, calibration 7 +4", text);
        Assert.Matches("site1/line1/s +nut +none +2026-08-09 12:00:00Z +- +dormant +1", text);
        Assert.EndsWith(
            """
            2026-08-09 12:00:00Z  site1/line1/s  nut  withdrawn 1, signed by key-1 and key-2
                guard_shift: too many rejects
            2026-08-09 12:00:00Z  site1/line1/s  cap  activated 3, signed by key-1 and key-2
                parity: fine

            """, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_OneCategoryOrStation_LeavesOutTheOthers()
    {
        Fill();
        Assert.DoesNotContain("nut", await RunAsync("--category", "cap"), StringComparison.Ordinal);
        Assert.StartsWith("No bank was updated", await RunAsync("--station", "site1/line1/other"), StringComparison.Ordinal);
        Assert.DoesNotContain("activated", await RunAsync("--limit", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_AsJson_HoldsDocumentsAndMeasurements()
    {
        Fill();
        using var json = JsonDocument.Parse(await RunAsync("--json"));
        var (standing, newest) = (json.RootElement.GetProperty("standings")[0], json.RootElement.GetProperty("history")[0]);
        Assert.Equal("cap-v3", standing.GetProperty("active").GetProperty("id").GetString());
        Assert.Equal("ü", standing.GetProperty("calibration").GetProperty("payload").GetString());
        Assert.Equal(("withdrawn", 2), (newest.GetProperty("kind").GetString(), newest.GetProperty("signed_by").GetArrayLength()));
        Assert.Equal(JsonValueKind.Object, newest.GetProperty("gates").ValueKind);
    }

    [Fact]
    public async Task History_NoLines_IsAnError()
    {
        using var error = new StringWriter();
        Assert.NotEqual(CommandLineRunner.Done, await CommandLineRunner.RunAsync(["bank", "history", "--store", StorePath, "--limit", "0"], TextWriter.Null, error));
        Assert.Contains("--limit is the number of lines, at least 1.", error.ToString(), StringComparison.Ordinal);
    }

    private void Fill()
    {
        _store.SaveStanding(BankRecordsContract.Standing, BankRecordsContract.Event);
        _store.SaveStanding(
            new(BankRecordsContract.Standing.Station, "nut", new("nut-v1", 1, "bb"), null, 1, BankRecordsContract.Standing.Since) { Dormant = true },
            BankRecordsContract.Event with { Category = "nut", Kind = BankEventKind.Withdrawn, Version = 1, Reason = "guard_shift: too many rejects" });
    }

    private async Task<string> RunAsync(params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(await CommandLineRunner.RunAsync(["bank", "history", "--store", StorePath, .. more], output, error) == CommandLineRunner.Done, error.ToString());
        return output.ToString();
    }
}
