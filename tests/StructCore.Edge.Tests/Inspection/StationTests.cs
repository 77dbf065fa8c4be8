using System.Text;
using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Inspection;

/// <summary>The contract with the PLC, one station, everything around it faked.</summary>
public sealed class StationTests
{
    [Fact]
    public async Task Trigger_Received_IsStoredBeforeTheBusMayAcknowledgeIt()
    {
        await using var station = await new StationHarness().StartAsync();

        // The bus acknowledges a message when its handler returns, which is when this returns.
        station.Trigger("a");

        Assert.Equal("\"a\"", Assert.Single(station.Store.Accepted).TriggerId);
    }

    [Fact]
    public async Task Trigger_GoodPart_IsAcceptedAcquiredJudgedStoredAndPublished()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", """, "part_id": "p1" """);

        var verdict = await station.VerdictAsync("a");
        var result = await station.ResultAsync("a");

        Assert.Equal("ACCEPT", verdict.GetProperty("verdict").GetString());
        Assert.Equal(7, verdict.GetProperty("plc_epoch").GetInt32());
        Assert.Equal("p1", verdict.GetProperty("part_id").GetString());
        Assert.Equal("cap", verdict.GetProperty("category").GetString());
        Assert.Equal("cap-v1", verdict.GetProperty("bank").GetProperty("id").GetString());
        Assert.Equal(1, verdict.GetProperty("threshold").GetSingle());
        Assert.Equal("2026-02-03T04:05:08.000Z", verdict.GetProperty("expires_at").GetString());
        Assert.True(verdict.GetProperty("timings_ms").TryGetProperty("features", out _));
        Assert.False(result.GetProperty("late").GetBoolean());
        Assert.Equal("left-1", result.GetProperty("frame_id").GetString());
        Assert.Equal("accepted", (await station.AckAsync("a", "accepted")).GetProperty("status").GetString());
        Assert.Equal("left-1", station.Broker.Bodies("acquired").Single().GetProperty("frame_id").GetString());
        Assert.Equal("a;1", Encoding.UTF8.GetString(station.Broker.Published("verdict/code").Single().Payload.Span));
        Assert.True(station.Store.Records.Single().Delivered);
        Assert.InRange(station.Broker.Published("verdict").Single().Expiry!.Value, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Trigger_PartFarFromItsBank_IsRejected()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Nut, 20));
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("REJECT", verdict.GetProperty("verdict").GetString());
        Assert.Equal("nut", verdict.GetProperty("category").GetString());
        Assert.Equal(4, verdict.GetProperty("score").GetSingle(), 1e-3);
    }

    [Fact]
    public async Task Trigger_WithRecipe_IsJudgedByThatBankWithItsRouteDistance()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", """, "recipe": "nut" """);

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("REJECT", verdict.GetProperty("verdict").GetString());
        Assert.Equal("nut", verdict.GetProperty("category").GetString());
        Assert.Equal(2, verdict.GetProperty("route_distance").GetSingle(), 1e-3);
    }

    [Fact]
    public async Task Trigger_WithCamera_UsesThatCamera()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", """, "camera": "right" """);

        await station.VerdictAsync("a");

        Assert.Equal("right-1", station.Broker.Bodies("acquired").Single().GetProperty("frame_id").GetString());
    }

    [Fact]
    public async Task Trigger_WithResponseTopic_GetsACopyOfTheVerdictThere()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", change: m => m with { ResponseTopic = "plc/answers", CorrelationData = new byte[] { 1, 2, 3 } });

        await station.VerdictAsync("a");
        var copy = await station.Broker.WaitAsync("answers");

        Assert.Equal("ACCEPT", copy.GetProperty("verdict").GetString());
        Assert.Equal([1, 2, 3], station.Broker.Published("answers").Single().CorrelationData.ToArray());
    }

    [Theory]
    [InlineData("sc/v1/plant/line/one/state")]
    [InlineData("sc/v1/plant/line/two/verdict")]
    [InlineData("sc/v1/plant/line/one/command/reload")]
    [InlineData("plc/+")]
    [InlineData("plc/#")]
    [InlineData("$SYS/x")]
    [InlineData("")]
    public async Task Trigger_WithAResponseTopicThatIsNotItsOwn_IsInvalid(string topic)
    {
        await using var station = await new StationHarness().StartAsync();
        var states = station.Broker.Published("state").Count;
        station.Trigger("a", change: m => m with { ResponseTopic = topic });

        Assert.StartsWith("invalid_response_topic:", (await station.AckAsync("a", "invalid")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(states, station.Broker.Published("state").Count);
        Assert.Empty(station.Store.Accepted);
    }

    [Fact]
    public async Task Trigger_WithAResponseTopicBelowTheStationsOwnAnswers_GetsItsCopyThere()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", change: m => m with { ResponseTopic = StationHarness.Root + "response/plc" });

        Assert.Equal("ACCEPT", (await station.Broker.WaitAsync("response/plc")).GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("{", "malformed_json")]
    [InlineData("[1]", "malformed_json")]
    [InlineData("""{"plc_epoch": 1}""", "missing_trigger_id")]
    [InlineData("""{"trigger_id": "x"}""", "missing_plc_epoch")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": {}}""", "invalid_trigger_id")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "deadline_ms": 99}""", "invalid_deadline_ms")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "deadline_ms": 60001}""", "invalid_deadline_ms")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "deadline_ms": "5"}""", "invalid_deadline_ms")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "recipe": 4}""", "invalid_recipe")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "part_id": "\ud800"}""", "invalid_part_id")]
    [InlineData("""{"plc_epoch": 1, "trigger_id": "x", "camera": "up"}""", "unknown_camera")]
    public async Task Trigger_ThatBreaksTheContract_IsAnsweredInvalidWithTheReason(string payload, string reason)
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Send(StationHarness.Root + "trigger", payload);

        var ack = await station.Broker.WaitAsync("ack");

        Assert.Equal("invalid", ack.GetProperty("status").GetString());
        Assert.StartsWith(reason + ":", ack.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await station.StopAsync();
        Assert.Empty(station.Store.Records);
    }

    [Fact]
    public async Task Trigger_TooLarge_IsInvalid()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Send(StationHarness.Root + "trigger", new byte[70_000]);

        Assert.StartsWith("payload_too_large: 70000 bytes", (await station.Broker.WaitAsync("ack")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_Retained_IsRefused()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", change: m => m with { Retain = true });

        Assert.StartsWith("retained:", (await station.AckAsync("a", "invalid")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        await station.StopAsync();
        Assert.Empty(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Trigger_UnknownRecipe_IsAnsweredWithTheKnownOnes()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a", """, "recipe": "bolt" """);

        Assert.Equal("unknown_recipe: no bank for 'bolt', known: cap, nut", (await station.AckAsync("a", "unknown_recipe")).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Trigger_Repeated_ReturnsTheStoredVerdictAndInspectsNothing()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Trigger("a");

        await station.AckAsync("a", "duplicate");
        await station.Broker.WaitAsync("verdict", count: 2);

        Assert.Equal(1, station.Camera.Grabs);
        Assert.Single(station.Store.Records);
    }

    [Fact]
    public async Task Trigger_RepeatedAfterItsDeadline_ComesBackOnResultsOnly()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Time.Advance(TimeSpan.FromSeconds(3));
        station.Trigger("a");

        var late = await station.Broker.WaitAsync("results", r => r.GetProperty("late").GetBoolean());

        Assert.Equal("a", late.GetProperty("trigger_id").GetString());
        Assert.Single(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Trigger_RepeatedWhileInWork_IsADuplicateAndGetsOneVerdict()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        station.Trigger("a");
        await station.AckAsync("a", "duplicate");
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));

        await station.VerdictAsync("a");
        await station.StopAsync();

        Assert.Single(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Trigger_MoreThanTheQueueHolds_AreBusyAndTheOthersGetTheirVerdicts()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Trigger("b");
        station.Trigger("c");
        station.Trigger("d");

        station.Trigger("b");
        await station.AckAsync("b", "duplicate");
        Assert.Equal("queue_full: 2 triggers wait", (await station.AckAsync("d", "busy")).GetProperty("reason").GetString());
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        await station.VerdictAsync("c");
        await station.StopAsync();
        Assert.Equal(["a", "b", "c"], station.Broker.Bodies("verdict").Select(v => v.GetProperty("trigger_id").GetString()));
    }

    [Fact]
    public async Task Trigger_AnyIds_AreEchoedUnchanged()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Send(StationHarness.Root + "trigger", """{"plc_epoch": "e-1", "trigger_id": 42}""");

        var verdict = await station.Broker.WaitAsync("verdict");

        Assert.Equal("e-1", verdict.GetProperty("plc_epoch").GetString());
        Assert.Equal(42, verdict.GetProperty("trigger_id").GetInt32());
        Assert.Equal("42;1", Encoding.UTF8.GetString(station.Broker.Published("verdict/code").Single().Payload.Span));
    }
}
