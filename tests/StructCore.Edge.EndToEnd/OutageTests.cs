namespace StructCore.Tests;

/// <summary>Agent, broker and cable fail in the middle of a shift: every accepted trigger still has its record, and no verdict comes late.</summary>
public sealed class OutageTests(FittedParts parts)
{
    [Fact]
    public async Task Stop_BySigterm_SaysOfflineAndEndsWithZero()
    {
        await using var station = await RunningStation.StartAsync(parts);
        await station.Plc.TriggerAsync("a");
        await station.Plc.AckAsync("a", "accepted");
        var code = await station.Agent.StopAsync();
        await station.Plc.StateAsync("offline");

        Assert.Equal(0, code);
        Assert.Empty(station.Agent.Error);
        Assert.Contains("preoperational", station.Plc.All("state").Select(s => s.GetProperty("state").GetString()));
        Assert.False((await station.Plc.ResultAsync("a")).GetProperty("late").GetBoolean());
    }

    [Fact]
    public async Task Kill_WhileIdle_WillSaysOfflineAndTheNextAgentKnowsWhatWasJudged()
    {
        await using var station = await RunningStation.StartAsync(parts);
        var plc = station.Plc;
        await plc.TriggerAsync("a");
        await plc.ResultAsync("a");
        await station.Agent.KillAsync();
        await plc.StateAsync("offline");
        await plc.TriggerAsync("b");
        await using var second = station.Line.StartAgent();
        await plc.ReadyAsync(agentEpoch: 2);
        var missed = await plc.ResultAsync("b");
        await plc.TriggerAsync("a");
        await plc.AckAsync("a", "duplicate");
        await plc.TriggerAsync("c");
        await plc.VerdictAsync("c");

        Assert.StartsWith("deadline_missed:", missed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(missed.GetProperty("late").GetBoolean());
        Assert.DoesNotContain(plc.All("verdict"), v => Plc.IsOf(v, "b"));
    }

    [Fact]
    public async Task Kill_BetweenStoreAndPublish_RecordComesLateOnResultsAndNeverOnVerdict()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var cable = TcpProxy.Start(broker.Port);
        using var line = new Line(parts, cable.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using (var first = line.StartAgent())
        {
            await plc.ReadyAsync(agentEpoch: 1);

            // Triggers still arrive, nothing the agent says leaves any more.
            cable.Stall(answersFlow: true);
            await plc.TriggerAsync("a", """, "deadline_ms": 1500""");
            await first.WaitForOutputAsync("trigger \"a\": ");
            await first.KillAsync();
        }

        Assert.False(Assert.Single(line.Read(s => s.FindByTriggerId("\"a\""))).Delivered);
        Assert.Equal((0, 1, 1), line.Stored());
        cable.Cut();
        cable.Open();
        await using var second = line.StartAgent();
        await plc.ReadyAsync(agentEpoch: 2);
        var late = await plc.ResultAsync("a");
        await plc.TriggerAsync("b");
        await plc.ResultAsync("b");
        await second.StopAsync();

        // The broker never learned that the trigger had arrived and sends it again: its answer is the same record.
        var records = plc.All("results").Where(r => Plc.IsOf(r, "a")).ToArray();
        Assert.Single(records.Select(r => (r.GetProperty("plc_epoch").GetRawText(), r.GetProperty("trigger_id").GetRawText(), r.GetProperty("seq").GetInt64())).Distinct());
        Assert.All(records, r => Assert.True(r.GetProperty("late").GetBoolean()));
        Assert.Equal(1, late.GetProperty("agent_epoch").GetInt64());
        Assert.Equal("b", Assert.Single(plc.All("verdict")).GetProperty("trigger_id").GetString());
        Assert.Equal(0, line.Stored().Outbox);
    }

    [Fact]
    public async Task Broker_RestartedInMidShift_AgentComesBackAndEveryAcceptedTriggerHasItsRecord()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Persistence = true });
        using var line = new Line(parts, broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = line.StartAgent();
        await plc.ReadyAsync(agentEpoch: 1);
        string[] ids = ["a", "b", "c", "d", "e"];
        await Task.WhenAll(ids.Select(id => plc.TriggerAsync(id)));
        await Task.WhenAll(ids.Select(id => plc.AckAsync(id, "accepted")));
        await broker.StopAsync();
        await agent.WaitForOutputAsync("connection lost: ");
        await broker.StartAgainAsync();
        await using var again = await Plc.ConnectAsync(broker.Port);
        await again.StateAsync("ready");
        await again.TriggerAsync("after");
        var after = await again.VerdictAsync("after");
        await again.ResultAsync("after");
        await agent.StopAsync();

        var results = plc.All("results").Concat(again.All("results")).ToArray();
        Assert.All(ids, id => Assert.Contains(results, r => Plc.IsOf(r, id)));
        Assert.NotEqual("ERROR", after.GetProperty("verdict").GetString());
        Assert.Equal(1, after.GetProperty("agent_epoch").GetInt64());
        Assert.Equal(ids.Length + 1, line.Stored().Decided);
        Assert.Equal(0, line.Stored().Outbox);
    }

    [Fact]
    public async Task Broker_NotThereAtTheStart_IsSaidOnceAndServedWhenItComes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.StopAsync();
        using var line = new Line(parts, broker.Port);
        await using var agent = line.StartAgent();
        await agent.WaitForOutputAsync($"not connected, trying until it works: MQTT broker 127.0.0.1:{broker.Port}: connection refused. Check that the broker runs");
        await broker.StartAgainAsync();
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await plc.ReadyAsync(agentEpoch: 1);
        await plc.TriggerAsync("a");
        await plc.VerdictAsync("a");
        await agent.StopAsync();

        Assert.Single(agent.Output.Split('\n'), l => l.Contains("not connected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Broker_RefusesThePassword_NamesUserAndBrokerAndLetsInOnceItIsRight()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Users = new Dictionary<string, string> { ["station"] = "right-word" } });
        using var line = new Line(parts, broker.Port);
        var password = Path.Combine(line.Folder, "password");
        await File.WriteAllTextAsync(password, "wrong");
        line.Configure(c =>
        {
            c["Broker"]!["UserName"] = "station";
            c["Broker"]!["PasswordFile"] = "password";
        });
        await using var agent = line.StartAgent();
        await agent.WaitForOutputAsync($"MQTT broker 127.0.0.1:{broker.Port} refuses client 'structcore-s-l-one' as user 'station': ");
        await File.WriteAllTextAsync(password, "right-word");
        await agent.WaitForOutputAsync("connected to 127.0.0.1:");

        Assert.DoesNotContain("right-word", agent.Output, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task Broker_LetsTheAgentReadButNotWrite_SaysWhichTopic()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { AccessControl = "topic read sc/#" });
        using var line = new Line(parts, broker.Port);
        await using var agent = line.StartAgent();
        await agent.WaitForOutputAsync(Plc.Root + "agent/marker");

        Assert.Equal(0, await agent.StopAsync());
    }
}
