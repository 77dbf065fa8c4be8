using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Storage;

namespace StructCore.Tests.Commands;

/// <summary><c>ledger verify</c>, <c>store check</c> and <c>store backup</c>, beside a store that is in use.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly SqliteInspectionStore _store;

    public StoreCommandTests()
    {
        _store = new SqliteInspectionStore(StorePath, TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            var trigger = new AcceptedTrigger("s", "7", $"{i}", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            _store.TryAccept(trigger);
            _store.Complete(new InspectionRecord(trigger, Verdict.Error("r"), null, null, null, 1, DateTimeOffset.UnixEpoch));
        }
    }

    private string StorePath => _folder["station.db"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task LedgerVerify_WhileTheStoreIsInUse_TellsCountAndHead()
    {
        Assert.Equal(0, await RunAsync("ledger", "verify", "--store", StorePath));
        Assert.Equal($"The ledger of '{StorePath}' is intact: 3 records, head 3 with hash {_store.Ledger().LastHash}.{Environment.NewLine}", _output.ToString());
    }

    [Fact]
    public async Task LedgerVerify_StoreOfAConfiguration_IsTheOneItNames()
    {
        var config = _folder["station.json"];
        File.WriteAllText(config, """{ "Store": { "Path": "station.db" }, "Stations": [ { "Id": "one", "Camera": "c" } ], "Cameras": [ { "Id": "c", "Source": "x" } ] }""");
        Assert.Equal(0, await RunAsync("ledger", "verify", "--config", config));
        Assert.Contains($"'{StorePath}' is intact", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LedgerVerify_RecordChanged_FailsAndNamesIt()
    {
        SqliteFile.Run(StorePath, "UPDATE inspection SET decision = 1 WHERE sequence = 2");
        Assert.Equal(1, await RunAsync("ledger", "verify", "--store", StorePath));
        Assert.Contains($"The ledger of '{StorePath}' is BROKEN in 1 places", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Changed: record 2 was changed after it was stored", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LedgerVerify_AsJson_TellsTheSame()
    {
        SqliteFile.Run(StorePath, "DELETE FROM inspection WHERE sequence = 3");
        Assert.Equal(1, await RunAsync("ledger", "verify", "--store", StorePath, "--json"));
        using var report = JsonDocument.Parse(_output.ToString());
        Assert.False(report.RootElement.GetProperty("intact").GetBoolean());
        Assert.Equal(("Missing", 3), (report.RootElement.GetProperty("breaks")[0].GetProperty("kind").GetString(), report.RootElement.GetProperty("breaks")[0].GetProperty("first").GetInt32()));
    }

    [Fact]
    public async Task LedgerVerify_AfterRetention_SaysWhereItBegins()
    {
        _store.Acknowledge([1, 2, 3]);
        _store.Prune(DateTimeOffset.MaxValue, 2);
        Assert.Equal(0, await RunAsync("ledger", "verify", "--store", StorePath));
        Assert.Contains("It begins behind record 2: older ones were removed by retention or are older than the ledger.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreCheck_SoundStore_SaysSo()
    {
        Assert.Equal(0, await RunAsync("store", "check", "--store", StorePath));
        Assert.Contains($"The store '{StorePath}' is whole", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("is intact: 3 records", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreCheck_NoStore_FailsWithTheReason()
    {
        Assert.Equal(1, await RunAsync("store", "check", "--store", _folder["none.db"]));
        Assert.StartsWith($"structcore: There is no inspection store '{_folder["none.db"]}'.", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["none.db"]));
    }

    [Fact]
    public async Task StoreBackup_WhileTheStoreIsInUse_IsACheckedCopy()
    {
        var copy = _folder["backup.db"];
        Assert.Equal(0, await RunAsync("store", "backup", "--store", StorePath, "--out", copy));
        Assert.Contains($"The store '{copy}' is whole", _output.ToString(), StringComparison.Ordinal);
        using var restored = new SqliteInspectionStore(copy, TimeProvider.System);
        Assert.Equal(_store.Records(0, 10), restored.Records(0, 10));
    }

    [Fact]
    public async Task StoreBackup_BrokenLedger_IsCopiedAndTold()
    {
        SqliteFile.Run(StorePath, "DELETE FROM inspection WHERE sequence = 2");
        Assert.Equal(1, await RunAsync("store", "backup", "--store", StorePath, "--out", _folder["backup.db"]));
        Assert.True(File.Exists(_folder["backup.db"]));
        Assert.Contains("is BROKEN in 1 places", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreNamedTwice_IsWrongUse()
    {
        Assert.Equal(2, await RunAsync("ledger", "verify", "--store", StorePath, "--config", "x.json"));
        Assert.Contains("--config and --store both name the store", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(arguments, _output, _error);
}
