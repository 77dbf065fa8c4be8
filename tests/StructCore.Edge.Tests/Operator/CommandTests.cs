using System.Text;
using System.Text.Json;
using StructCore.Edge.Triggers;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Operator;

/// <summary>What a running agent is asked over the bus, one station, everything around it faked.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _banks = Directory.CreateTempSubdirectory("structcore-banks-");

    public void Dispose() => _banks.Delete(recursive: true);

    [Fact]
    public async Task SelfTest_SoundStation_IsDoneWithTheTimesOfEveryPart()
    {
        await using var station = await new StationHarness().StartAsync();
        var reply = await AskAsync(station, "self_test");

        Assert.Equal("done", Status(reply));
        Assert.Equal("self_test", reply.GetProperty("command").GetString());
        var result = reply.GetProperty("result");
        Assert.Equal(["loops", "inspection_loop", "camera", "store", "disk"], result.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(["cap-v1", "nut-v1"], result.GetProperty("banks").EnumerateArray().Select(b => b.GetProperty("bank").GetString()));
        Assert.Equal([9, 8], station.Broker.Published("answers").Single().CorrelationData.ToArray());
        Assert.Equal(0, station.Camera.Grabs);
    }

    [Fact]
    public async Task SelfTest_CameraOutAndBankSpoilt_ListsBoth()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");
        station.Camera.OpenFailure = "cable out";
        station.Camera.Show(Edge.Cameras.GrabResult.Failed("no signal"));
        station.Trigger("a");
        await error;
        station.Station.Banks = BankSet.Create([station.Extractor.Bank("cap", FakeExtractor.Cap, lambda: float.NaN)], station.Extractor.Backbone);

        var reply = await AskAsync(station, "self_test");

        Assert.Equal("failed", Status(reply));
        Assert.StartsWith("self_test_failed: camera: ", Reason(reply), StringComparison.Ordinal);
        Assert.Contains("cap-v1: score_not_finite:", Reason(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_NewerBank_DecidesFromTheNextInspectionOn()
    {
        await using var station = await Harness().StartAsync();
        Write(station);
        Write(station);
        var reply = await AskAsync(station, "reload");
        station.Trigger("a");

        Assert.Equal("done", Status(reply));
        Assert.Equal("cap-v2", Assert.Single(reply.GetProperty("result").GetProperty("banks").EnumerateArray()).GetString());
        Assert.Equal(2, (await station.VerdictAsync("a")).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Equal(2, Assert.Single(station.Store.Calibrations("cap")).BankVersion);
    }

    [Theory]
    [InlineData("nothing there")]
    [InlineData("damaged")]
    [InlineData("another backbone's")]
    public async Task Reload_ThatFails_SaysWhyAndKeepsTheOldBanks(string fault)
    {
        await using var station = await Harness().StartAsync();
        if (fault != "nothing there")
        {
            var path = Write(station, fault == "another backbone's" ? new string('b', 64) : null);
            if (fault == "damaged")
            {
                await File.WriteAllBytesAsync(path, new byte[100]);
            }
        }

        var reply = await AskAsync(station, "reload");
        station.Trigger("a");

        Assert.Equal("failed", Status(reply));
        Assert.StartsWith("reload_failed: ", Reason(reply), StringComparison.Ordinal);
        Assert.Equal(1, (await station.VerdictAsync("a")).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Empty(station.Store.Calibrations("cap"));
    }

    [Theory]
    [InlineData("""{"trigger_id": "a", "plc_epoch": 7}""", "failed", "no_frame")]
    [InlineData("""{"trigger_id": "a", "plc_epoch": 8}""", "failed", "no_such_trigger")]
    [InlineData("""{"plc_epoch": 7}""", "invalid", null)]
    [InlineData("""{"trigger_id": {}}""", "invalid", null)]
    public async Task Replay_OfAVerdict_SaysWhatTheReplayerFound(string arguments, string status, string? outcome)
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        var reply = await AskAsync(station, "replay", arguments);

        Assert.Equal(status, Status(reply));
        Assert.Equal(outcome, reply.TryGetProperty("result", out var result) ? result.GetProperty("outcome").GetString() : null);
    }

    [Theory]
    [InlineData("teach", "invalid", "missing_trigger_id:")]
    [InlineData("rollback", "invalid", "missing_category:")]
    [InlineData("dance", "invalid", "unknown_command: 'dance'; known: ")]
    public async Task Command_ThatCannotBeDone_SaysSo(string name, string status, string reason)
    {
        await using var station = await new StationHarness().StartAsync();
        var reply = await AskAsync(station, name);

        Assert.Equal(status, Status(reply));
        Assert.StartsWith(reason, Reason(reply), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "malformed_json:")]
    [InlineData("[]", "malformed_json:")]
    [InlineData("7", "malformed_json:")]
    public async Task Command_MalformedBody_IsInvalid(string payload, string reason)
    {
        await using var station = await new StationHarness().StartAsync();
        var reply = await AskAsync(station, "self_test", payload);

        Assert.Equal("invalid", Status(reply));
        Assert.StartsWith(reason, Reason(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_TooLargeOrRetained_IsInvalid()
    {
        await using var station = await new StationHarness().StartAsync();
        Assert.StartsWith("payload_too_large: 70000 bytes", Reason(await AskAsync(station, "self_test", new string(' ', 70_000))), StringComparison.Ordinal);
        Assert.StartsWith("retained:", Reason(await AskAsync(station, "self_test", change: m => m with { Retain = true })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(StationHarness.Root + "state")]
    [InlineData("plc/#")]
    public async Task Command_WithoutAnAnswerTopicOfItsOwn_IsDroppedAndTheNextOneDone(string? responseTopic)
    {
        await using var station = await new StationHarness().StartAsync();
        var states = station.Broker.Published("state").Count;
        Send(station, "reload", "", m => m with { ResponseTopic = responseTopic });
        await AskAsync(station, "self_test");

        Assert.Equal("self_test", Assert.Single(station.Broker.Bodies("answers")).GetProperty("command").GetString());
        Assert.Equal(states, station.Broker.Published("state").Count);
    }

    [Fact]
    public async Task Commands_MoreThanWait_AreBusyAndInspectionsGoOn()
    {
        await using var station = await new StationHarness().StartAsync();
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        station.Extractor.During = _ =>
        {
            begun.Release();
            go.Wait();
        };
        Send(station, "self_test");
        await begun.WaitAsync();
        station.Extractor.During = null;
        for (var i = 0; i < 5; i++)
        {
            Send(station, "self_test");
        }

        Assert.StartsWith("queue_full: 4 commands wait", Reason(await station.Broker.WaitAsync("answers", r => Status(r) == "busy")), StringComparison.Ordinal);
        station.Trigger("a");
        go.Release();
        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
        await station.Broker.WaitAsync("answers", r => Status(r) == "done", count: 5);
    }

    [Fact]
    public async Task Command_ThatBreaks_IsAnsweredAndTheStationGoesOn()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Extractor.During = _ => throw new InvalidOperationException("out of memory on the device");
        Assert.StartsWith("internal_error: InvalidOperationException", Reason(await AskAsync(station, "self_test")), StringComparison.Ordinal);
        station.Extractor.During = null;
        station.Trigger("a");

        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
    }

    private static string? Status(JsonElement reply) => reply.GetProperty("status").GetString();

    private static string? Reason(JsonElement reply) => reply.GetProperty("reason").GetString();

    private static void Send(StationHarness station, string name, string payload = "", Func<BusMessage, BusMessage>? change = null) =>
        station.Broker.Send(StationHarness.Root + "command/" + name, Encoding.UTF8.GetBytes(payload), m => (change ?? (c => c))(m with { ResponseTopic = "plc/answers", CorrelationData = new byte[] { 9, 8 } }));

    private static Task<JsonElement> AskAsync(StationHarness station, string name, string payload = "", Func<BusMessage, BusMessage>? change = null)
    {
        var answers = station.Broker.Published("answers").Count;
        Send(station, name, payload, change);
        return station.Broker.WaitAsync("answers", count: answers + 1);
    }

    private StationHarness Harness() => new() { BankFolder = _banks.FullName };

    // The file's name takes the next version.
    private string Write(StationHarness station, string? backboneSha256 = null) =>
        BankFile.Write(station.Extractor.Bank("cap", FakeExtractor.Cap, backboneSha256: backboneSha256), _banks.FullName, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
