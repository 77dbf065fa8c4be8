using System.Text;
using System.Text.Json;
using StructCore.Edge.Simulation.Line;
using StructCore.Edge.Triggers;
using StructCore.Tests.Fakes;

namespace StructCore.Edge.Tests.Simulation.Line;

public sealed class VirtualPlcTests
{
    private static readonly PlcOptions Options = new() { Root = FakeStation.Root, Timer = TimeSpan.FromSeconds(5) };
    private static readonly BusConnection Connection = new() { Host = "nowhere", Port = 1, ClientId = "plc" };

    private readonly FakeTimeProvider _time = new();
    private readonly FakeStation _station = new();
    private int _beat;

    [Fact]
    public async Task Inspect_AcceptInTime_AcceptsThePart()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => Answer(trigger, "ACCEPT");

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.True(outcome.Accepted);
        Assert.Equal(0.5, outcome.Verdict!.Score);
        Assert.True(plc.Book(outcome.TriggerId).HasOneVerdict);
    }

    [Theory]
    [InlineData("REJECT")]
    [InlineData("ERROR")]
    [InlineData("accept")]
    [InlineData("MAYBE")]
    public async Task Inspect_AnythingButAccept_RejectsThePart(string verdict)
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => Answer(trigger, verdict);

        Assert.False((await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None)).Accepted);
    }

    [Fact]
    public async Task Inspect_VerdictAfterTheTimer_RejectsAndCountsIt()
    {
        var plc = await StartedAsync();
        JsonElement sent = default;
        _station.OnTrigger = (trigger, _) => sent = trigger;
        var inspection = plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        _time.Advance(Options.Timer + TimeSpan.FromMilliseconds(1));
        var outcome = await inspection;
        Answer(sent, "ACCEPT");

        Assert.False(outcome.Accepted);
        Assert.Equal("no verdict within 5000 ms", outcome.Reason);
        Assert.True(plc.Book(outcome.TriggerId).HasOneVerdict);
    }

    [Fact]
    public async Task Inspect_FrozenHeartbeat_RejectsAnAccept()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) =>
        {
            _time.Advance(Options.HeartbeatTimeout + TimeSpan.FromMilliseconds(1));
            Beat(0); // repeats, does not advance
            Answer(trigger, "ACCEPT");
        };

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.False(outcome.Accepted);
        Assert.Equal("heartbeat is frozen", outcome.Reason);
    }

    [Fact]
    public async Task Inspect_StateOfANewAgentEpoch_RejectsAnAccept()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) =>
        {
            State("ready", 8);
            Answer(trigger, "ACCEPT", epoch: 8);
        };

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.False(outcome.Accepted);
        Assert.Equal("agent_epoch changed from 7 to 8", outcome.Reason);
    }

    [Fact]
    public async Task Inspect_VerdictOfAnotherAgentEpoch_RejectsAnAccept()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => Answer(trigger, "ACCEPT", epoch: 6);

        Assert.Equal("verdict of agent_epoch 6, expected 7", (await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None)).Reason);
    }

    [Theory]
    [InlineData("offline")]
    [InlineData("error")]
    [InlineData("initialized")]
    public async Task Inspect_StationNotReady_RejectsAnAccept(string state)
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) =>
        {
            State(state, 7);
            Answer(trigger, "ACCEPT");
        };

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.False(outcome.Accepted);
        Assert.Equal($"station is {state}", outcome.Reason);
    }

    [Fact]
    public async Task Inspect_VerdictOfAnotherPlcEpoch_IsNotItsVerdict()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => _station.Say("verdict", Body(trigger, "ACCEPT", 7, plcEpoch: 1));
        var inspection = plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        _time.Advance(Options.Timer + TimeSpan.FromMilliseconds(1));

        Assert.False((await inspection).Accepted);
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("not_ready")]
    [InlineData("unknown_recipe")]
    public async Task Inspect_TriggerRefused_RejectsAtOnce(string status)
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => _station.Say("ack", new { trigger_id = trigger.GetProperty("trigger_id").GetString(), status, reason = "because" });

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.False(outcome.Accepted);
        Assert.Equal($"trigger refused: {status}, because", outcome.Reason);
        Assert.False(plc.Book(outcome.TriggerId).HasOneVerdict);
    }

    [Fact]
    public async Task Inspect_SecondVerdict_IsNoticed()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) =>
        {
            Answer(trigger, "ACCEPT");
            Answer(trigger, "ACCEPT");
        };

        var outcome = await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        Assert.False(plc.Book(outcome.TriggerId).HasOneVerdict);
    }

    [Fact]
    public async Task Inspect_WithReply_AsksForAndCountsTheCorrelatedAnswer()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, message) =>
        {
            Assert.Contains(message.ResponseTopic!, _station.Subscriptions);
            Answer(trigger, "ACCEPT");
            _station.Say(message.ResponseTopic!, Body(trigger, "ACCEPT", 7), Encoding.UTF8.GetString(message.CorrelationData.Span));
            _station.Say(message.ResponseTopic!, Body(trigger, "ACCEPT", 7), "of another trigger");
        };

        var outcome = await plc.InspectAsync(new PartRequest("p1", Reply: true), CancellationToken.None);

        Assert.True(outcome.Accepted);
        Assert.Equal(1, plc.Book(outcome.TriggerId).Replies);
        Assert.True(plc.Book(outcome.TriggerId).HasOneVerdict);
    }

    [Fact]
    public async Task Inspect_EveryTrigger_CarriesTheContractsFields()
    {
        var plc = await StartedAsync();
        var sent = new List<JsonElement>();
        _station.OnTrigger = (trigger, _) =>
        {
            sent.Add(trigger);
            Answer(trigger, "ACCEPT");
        };

        await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);
        await plc.InspectAsync(new PartRequest("p2", "flange"), CancellationToken.None);

        Assert.Equal(["1", "2"], sent.Select(t => t.GetProperty("trigger_id").GetString()));
        Assert.All(sent, t => Assert.Equal(plc.Epoch, t.GetProperty("plc_epoch").GetInt64()));
        Assert.All(sent, t => Assert.Equal(4750, t.GetProperty("deadline_ms").GetInt32()));
        Assert.False(sent[0].TryGetProperty("recipe", out _));
        Assert.Equal("flange", sent[1].GetProperty("recipe").GetString());
    }

    [Fact]
    public async Task WaitUntilReady_HeartbeatThatDoesNotAdvance_SaysSo()
    {
        var plc = new VirtualPlc(_station, Options, _time);
        await plc.StartAsync(Connection, CancellationToken.None);
        var waiting = plc.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        State("ready", 7);
        Beat(3);

        _time.Advance(TimeSpan.FromSeconds(31));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => waiting);
        Assert.Equal($"The station at '{FakeStation.Root}' is not ready after 30 s: heartbeat is frozen.", error.Message);
    }

    [Fact]
    public async Task Settle_RecordMissing_SaysSo()
    {
        var plc = await StartedAsync();
        _station.OnTrigger = (trigger, _) => Answer(trigger, "ACCEPT");
        await plc.InspectAsync(new PartRequest("p1"), CancellationToken.None);

        var settling = plc.SettleAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(await settling);

        _station.Say("acquired", new { plc_epoch = plc.Epoch, trigger_id = "1", frame_id = "0001.png" });
        _station.Say("results", new { plc_epoch = plc.Epoch, trigger_id = "1", verdict = "ACCEPT" });
        Assert.True(await plc.SettleAsync(TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.Equal(new TriggerBook(true, 0, "0001.png", "ACCEPT"), plc.Book("1"));
    }

    private static object Body(JsonElement trigger, string verdict, long epoch, long? plcEpoch = null) => new
    {
        plc_epoch = plcEpoch ?? trigger.GetProperty("plc_epoch").GetInt64(),
        trigger_id = trigger.GetProperty("trigger_id").GetString(),
        verdict,
        reason = "told to",
        score = 0.5,
        threshold = 1.0,
        category = "flange",
        agent_epoch = epoch,
        seq = 1,
    };

    private async Task<VirtualPlc> StartedAsync()
    {
        var plc = new VirtualPlc(_station, Options, _time);
        await plc.StartAsync(Connection, CancellationToken.None);
        State("ready", 7);
        Beat(1);
        Beat(1);
        await plc.WaitUntilReadyAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        return plc;
    }

    private void Beat(int by) => _station.Say("heartbeat", new { counter = _beat += by, agent_epoch = 7 });

    private void State(string state, long epoch) => _station.Say("state", new { state, agent_epoch = epoch });

    private void Answer(JsonElement trigger, string verdict, long epoch = 7) => _station.Say("verdict", Body(trigger, verdict, epoch));
}
