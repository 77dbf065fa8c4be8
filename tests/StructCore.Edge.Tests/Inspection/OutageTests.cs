using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Inspection;

/// <summary>What happens to triggers and verdicts when the broker or the agent was away.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Verdict_DecidedWhileDisconnected_IsStoredAndComesLateOnResults()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Broker.Down = true;
        station.Broker.Drop();
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        station.Time.Advance(TimeSpan.FromSeconds(3));
        station.Broker.Down = false;
        await ReconnectAsync(station);

        var result = await station.ResultAsync("a");
        await station.StopAsync();

        Assert.True(result.GetProperty("late").GetBoolean());
        Assert.Empty(station.Broker.Published("verdict"));
        Assert.Single(station.Broker.Published("results"));
    }

    [Fact]
    public async Task Trigger_QueuedDuringAnOutage_IsRecordedAsMissedAndInspectsNothing()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Down = true;
        station.Broker.Drop();
        station.Trigger("a");
        station.Broker.Down = false;
        await ReconnectAsync(station);

        var result = await station.ResultAsync("a");
        station.Trigger("b");
        await station.VerdictAsync("b");
        await station.StopAsync();

        Assert.StartsWith("deadline_missed:", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(result.GetProperty("late").GetBoolean());
        Assert.Single(station.Broker.Published("verdict"));
        Assert.Equal(1, station.Camera.Grabs);
    }

    [Fact]
    public async Task Outbox_NothingToSend_IsNotReadAgainAndAgain()
    {
        await using var station = await new StationHarness().StartAsync();
        foreach (var id in Enumerable.Range(0, 20).Select(i => $"p{i}"))
        {
            station.Trigger(id);
            await station.ResultAsync(id);
        }

        // Each part wakes the outbox once; each wake reads until nothing is left. Anything beyond that is a loop that feeds itself.
        Assert.InRange(station.Store.OutboxReads, 20, 60);
    }

    [Fact]
    public async Task Trigger_QueuedDuringAnOutageWithTimeLeft_IsInspected()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Holding = true;
        station.Trigger("a", """, "deadline_ms": 60000 """);
        station.Broker.Drop();

        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Trigger_RepeatedDuringAnOutage_ReturnsItsStoredVerdictLate()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Broker.Down = true;
        station.Broker.Drop();
        station.Time.Advance(TimeSpan.FromSeconds(3));
        station.Trigger("a");
        station.Broker.Down = false;
        await ReconnectAsync(station);

        await station.AckAsync("a", "duplicate");
        var late = await station.Broker.WaitAsync("results", r => r.GetProperty("late").GetBoolean());

        Assert.Equal("ACCEPT", late.GetProperty("verdict").GetString());
        Assert.Single(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Trigger_QueuedBeforeTheAgentStarted_IsPastItsDeadline()
    {
        var harness = new StationHarness();
        harness.Broker.HasSession = true;
        harness.Trigger("a", """, "deadline_ms": 60000 """);
        await using var station = await harness.StartAsync();

        Assert.StartsWith("deadline_missed:", (await station.ResultAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, station.Camera.Grabs);
    }

    [Fact]
    public async Task Restart_WithAnUnansweredTrigger_GivesItItsOneErrorAsALateResult()
    {
        var harness = new StationHarness();
        Assert.True(harness.Store.TryAccept(Left(harness, "a", TimeSpan.FromSeconds(-1))));
        await using var station = await harness.StartAsync();

        var result = await station.ResultAsync("a");
        await station.StopAsync();

        Assert.StartsWith("agent_restarted:", result.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(result.GetProperty("late").GetBoolean());
        Assert.Empty(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Restart_BeforeTheDeadlineOfAnUnansweredTrigger_PublishesTheErrorOnVerdict()
    {
        var harness = new StationHarness();
        Assert.True(harness.Store.TryAccept(Left(harness, "a", TimeSpan.FromSeconds(1))));
        await using var station = await harness.StartAsync();

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.False((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
    }

    [Fact]
    public async Task Restart_WithRecordsInTheOutbox_SendsThemOnResultsOnly()
    {
        var harness = new StationHarness();
        var trigger = Left(harness, "a", TimeSpan.FromSeconds(1));
        Assert.True(harness.Store.TryAccept(trigger));
        harness.Store.Complete(new InspectionRecord(trigger, new Verdict(Decision.Accept, "within_threshold"), "left-1", harness.Time.GetUtcNow(), 12, AgentEpoch: 0, harness.Time.GetUtcNow()));
        await using var station = await harness.StartAsync();

        Assert.True((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
        await station.StopAsync();
        Assert.Empty(station.Broker.Published("verdict"));
        Assert.Single(station.Broker.Published("results"));
    }

    [Fact]
    public async Task Stop_FinishesWhatWasAcceptedAndSaysOffline()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        var preoperational = station.NextStateAsync("preoperational");
        var stopping = station.StopAsync();
        await preoperational;
        station.Trigger("b");
        await station.AckAsync("b", "not_ready");
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        await stopping;

        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
        Assert.Single(station.Broker.Published("results"));
        Assert.Equal("offline", station.Broker.Bodies("state")[^1].GetProperty("state").GetString());
        Assert.True(station.Broker.Published("state")[^1].Retain);
    }

    [Fact]
    public async Task Stop_StoreFails_SaysOfflineAllTheSame()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Store.Failure = "disk gone";
        await station.StopAsync();

        Assert.Equal("offline", station.Broker.Bodies("state")[^1].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Stop_InspectionThatDoesNotEnd_IsAnsweredWithAnError()
    {
        await using var station = await new StationHarness().StartAsync();
        var never = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(never.Task);
        station.Trigger("a", """, "deadline_ms": 60000 """);
        await station.Camera.Begun.WaitAsync();
        var grace = station.Time.WaitBegunAsync(TimeSpan.FromSeconds(5));
        var preoperational = station.NextStateAsync("preoperational");
        var stopping = station.StopAsync();
        await preoperational;
        station.Trigger("b");
        await station.AckAsync("b", "not_ready");
        await grace;
        station.Time.Advance(TimeSpan.FromSeconds(5));
        await stopping;

        Assert.StartsWith("agent_stopped:", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_HasTheStateAsItsWillAndAFixedClientId()
    {
        await using var station = await new StationHarness().StartAsync();
        var connection = station.Broker.LastConnection!;

        Assert.Equal("structcore-plant-line-one", connection.ClientId);
        Assert.Equal(StationHarness.Root + "state", connection.Will!.Topic);
        Assert.True(connection.Will.Retain);
        Assert.Contains("\"offline\"", System.Text.Encoding.UTF8.GetString(connection.Will.Payload.Span), StringComparison.Ordinal);
    }

    private static AcceptedTrigger Left(StationHarness harness, string id, TimeSpan left)
    {
        var now = harness.Time.GetUtcNow();
        return new AcceptedTrigger(harness.Options.Name, "7", $"\"{id}\"", null, null, null, now - TimeSpan.FromSeconds(1), now + left);
    }

    private static Task ReconnectAsync(StationHarness station) => station.AdvanceUntilAsync(station.NextStateAsync("ready"));
}
