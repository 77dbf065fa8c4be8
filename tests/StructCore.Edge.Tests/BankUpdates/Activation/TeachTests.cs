using System.Text.Json;
using StructCore.Edge.Evidence;
using StructCore.Edge.Native.OpenCv;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary><c>command/teach</c>: from the kept frame of a reject to the bank of the next inspection.</summary>
public sealed class TeachTests : IAsyncDisposable
{
    // Its score is 2.25, the threshold 1.
    private const byte Rejected = 15;

    private readonly TemporaryFolder _evidence = new();
    private readonly UpdateLine _line = new();

    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync();
        _evidence.Dispose();
    }

    [Fact]
    public async Task Teach_ARejectedPart_IsAcceptedFromTheNextInspectionOn()
    {
        await StartAsync();
        var part = await RejectAsync();
        var reply = await TeachAsync(part);
        var again = await _line.InspectAsync(FakeExtractor.Cap, Rejected);

        Assert.Equal("done", reply.GetProperty("status").GetString());
        var result = reply.GetProperty("result");
        Assert.Equal(("cap", "cap-v1-t1", 1, true), (result.GetProperty("category").GetString(), result.GetProperty("bank").GetProperty("id").GetString(), result.GetProperty("taught").GetInt32(), result.GetProperty("accepted").GetBoolean()));
        Assert.Equal(("ACCEPT", "cap-v1-t1"), (again.GetProperty("verdict").GetString(), again.GetProperty("bank").GetProperty("id").GetString()));

        var taught = Assert.Single(BankFile.Read(Path.Combine(_line.Banks, "cap-v1-t1.scbank")).Manifest.Taught!);
        Assert.Equal(($"\"{part}\"", "shift-2", result.GetProperty("images")[0].GetString()), (taught.TriggerId, taught.ConfirmedBy, taught.Sha256));
        var happened = Assert.Single(_line.History(), e => e.Kind == BankEventKind.Taught);
        Assert.Equal((1, result.GetProperty("bank").GetProperty("sha256").GetString()), (happened.Version, happened.PackageSha256));
        Assert.StartsWith($"confirmed_by: shift-2; trigger \"{part}\", 1 rows of '", happened.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taught_Bank_DecidesAfterARestartAndGoesBackByRollback()
    {
        await StartAsync();
        await TeachAsync(await RejectAsync());
        await StartAsync();
        Assert.Equal("cap-v1-t1", await DecidesAsync());

        _line.Station.Broker.Send($"{StationHarness.Root}command/rollback", """{"category": "cap"}""", m => m with { ResponseTopic = "tests/answers" });
        await _line.Station.Broker.WaitAsync("answers", r => r.GetProperty("command").GetString() == "rollback");
        Assert.Equal("cap-v1", await DecidesAsync());
    }

    [Fact]
    public async Task TakeBack_RestoresTheFittedBankBitForBit()
    {
        await StartAsync();
        var part = await RejectAsync();
        await TeachAsync(part);
        var reply = await TeachAsync(part, """, "take_back": true""", count: 2);
        var (fitted, restored) = (Read("cap-v1"), Read("cap-v1-t2"));

        Assert.Equal(("done", "cap-v1-t2", 0), (reply.GetProperty("status").GetString(), reply.GetProperty("result").GetProperty("bank").GetProperty("id").GetString(), reply.GetProperty("result").GetProperty("taught").GetInt32()));
        Assert.Equal(JsonSerializer.Serialize(fitted.Manifest.Entries), JsonSerializer.Serialize(restored.Manifest.Entries));
        Assert.Equal(fitted.Calibration, restored.Calibration);
        Assert.Equal("REJECT", (await _line.InspectAsync(FakeExtractor.Cap, Rejected)).GetProperty("verdict").GetString());
        Assert.Contains(_line.History(), e => e.Kind == BankEventKind.Untaught);
    }

    [Fact]
    public async Task Taught_Bank_GivesWayToANewerReleaseAndStaysBeforeItsOwn()
    {
        (_line.Options.ShadowInspections, _line.Options.GuardInspections) = (0, 0);
        await StartAsync();
        _line.Publish("cap", _line.Sign("cap", 2));
        await _line.StageAsync("done");
        await TeachAsync(await RejectAsync());

        // The retained message of the release it was taught from, as after a restart.
        await StartAsync();
        _line.Publish("cap", _line.Packages.Desired("cap", 2));
        await _line.StageAsync("done", version: 2);
        Assert.Equal("cap-v2-t1", await DecidesAsync());

        _line.Publish("cap", _line.Sign("cap", 3));
        await _line.StageAsync("done", version: 3);
        Assert.Equal("cap-v3", await DecidesAsync());
    }

    [Fact]
    public async Task Teach_UnderASignedCalibration_KeepsItInForce()
    {
        _line.Options.GuardInspections = 0;
        await StartAsync();
        _line.Station.Broker.Send(_line.Topic("cap", "calibration"), _line.Calibrate("cap", 1, number: 4, threshold: 2).ToJson(), m => m with { Retain = true });
        await _line.StageAsync("done");
        await TeachAsync(await RejectAsync());
        await StartAsync();

        Assert.Equal(2, (await _line.InspectAsync(FakeExtractor.Cap, 1)).GetProperty("threshold").GetSingle());
        Assert.Equal((4, "cap-v1-t1"), (_line.Standing()!.HighestCalibration, _line.Standing()!.Active.Id));
    }

    [Fact]
    public async Task Teach_WhileABankIsOnProbation_Waits()
    {
        _line.Options.ShadowInspections = 0;
        _line.Options.GuardInspections = 50;
        await StartAsync();
        _line.Publish("cap", _line.Sign("cap", 2));
        await _line.StageAsync("guard");
        var reply = await TeachAsync(await RejectAsync());

        Assert.StartsWith("not_taught: 'cap-v2' is on probation:", reply.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_line.Banks, "*-t*"));
    }

    [Theory]
    [InlineData("""{"trigger_id": "gone", "confirmed_by": "shift-2"}""", "failed", "not_taught: No record has the trigger id \"gone\"")]
    [InlineData("""{"trigger_id": "gone", "confirmed_by": "shift-2", "take_back": true}""", "failed", "not_taught: No image of trigger \"gone\" is taught")]
    [InlineData("""{"trigger_id": "gone"}""", "invalid", "missing_confirmed_by:")]
    [InlineData("""{"trigger_id": "gone", "confirmed_by": " "}""", "invalid", "missing_confirmed_by:")]
    [InlineData("""{"confirmed_by": "shift-2"}""", "invalid", "missing_trigger_id:")]
    [InlineData("""{"trigger_id": "gone", "confirmed_by": "shift-2", "take_back": 1}""", "invalid", "invalid_take_back:")]
    public async Task Teach_ThatCannotBe_SaysWhy(string arguments, string status, string reason)
    {
        await StartAsync();
        var reply = await AskAsync(arguments);

        Assert.Equal(status, reply.GetProperty("status").GetString());
        Assert.StartsWith(reason, reply.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teach_AnAcceptedPartOrTwice_IsRefused()
    {
        await StartAsync();
        var good = await InspectAsync(1);
        Assert.StartsWith($"not_taught: The verdict on trigger \"{good}\" was ACCEPT", (await TeachAsync(good)).GetProperty("reason").GetString(), StringComparison.Ordinal);

        var part = await RejectAsync();
        await TeachAsync(part, count: 2);
        Assert.Contains("was taught to bank 'cap-v1-t1' at ", (await TeachAsync(part, count: 3)).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("cap-v1-t1", await DecidesAsync());
    }

    private ProductBank Read(string id) => BankFile.Read(Path.Combine(_line.Banks, id + BankFile.Extension));

    private Task StartAsync() => _line.StartAsync(s => (s.Evidence, s.Codec) = (new EvidenceOptions { Folder = _evidence.Path, AcceptSampling = 1 }, new OpenCvImageCodec()));

    private async Task<string?> DecidesAsync() => (await _line.InspectAsync(FakeExtractor.Cap, 1)).GetProperty("bank").GetProperty("id").GetString();

    private Task<string> RejectAsync() => InspectAsync(Rejected);

    // Its frame is on disk.
    private async Task<string> InspectAsync(byte deviation)
    {
        var id = (await _line.InspectAsync(FakeExtractor.Cap, deviation)).GetProperty("trigger_id").GetString()!;
        var sequence = Assert.Single(_line.Store.FindByTriggerId($"\"{id}\"")).Sequence;
        while (true)
        {
            var images = _line.Store.OldestEvidence(int.MaxValue).Count;
            if (_line.Store.Evidence(sequence).Any(f => f.Kind == EvidenceKind.Frame))
            {
                return id;
            }

            await _line.Store.EvidenceAsync(images + 1);
        }
    }

    private Task<JsonElement> TeachAsync(string part, string more = "", int count = 1) => AskAsync($$"""{"trigger_id": "{{part}}", "confirmed_by": "shift-2"{{more}}}""", count);

    private Task<JsonElement> AskAsync(string arguments, int count = 1)
    {
        _line.Station.Broker.Send($"{StationHarness.Root}command/teach", arguments, m => m with { ResponseTopic = "tests/answers" });
        return _line.Station.Broker.WaitAsync("answers", r => r.GetProperty("command").GetString() == "teach", count);
    }
}
