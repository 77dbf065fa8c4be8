namespace StructCore.Tests;

/// <summary>The agent process against a real broker, from trigger to verdict.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Run_TriggersOverARealBroker_GetVerdictsAndAPoliteEnd()
    {
        await using var line = await Line.CreateAsync();
        await using var plc = await Plc.ConnectAsync(line.Broker.Port);
        await using var agent = new AgentProcess(line.Configuration);
        await plc.ReadyAsync(agentEpoch: 1);
        for (var i = 0; i < 6; i++)
        {
            await plc.TriggerAsync($"t{i}");
            await plc.ResultAsync($"t{i}");
        }

        await plc.SendAsync("{");
        await plc.WaitAsync("ack", a => a.GetProperty("status").GetString() == "invalid");
        await plc.WaitAsync("heartbeat", h => h.GetProperty("counter").GetInt64() > 0);
        var code = await agent.StopAsync();
        await plc.WaitAsync("state", s => s.GetProperty("state").GetString() == "offline");

        Assert.Equal(0, code);
        Assert.Equal(6, plc.All("verdict").Count);
        Assert.All(plc.All("verdict"), v => Assert.NotEqual("ERROR", v.GetProperty("verdict").GetString()));
        Assert.All(plc.All("results"), r => Assert.False(r.GetProperty("late").GetBoolean()));
        Assert.Equal(6, plc.All("acquired").Count);
    }

    [Fact]
    public async Task Run_KilledAndStartedAgain_RemembersItsVerdictsAndSendsNoneLate()
    {
        await using var line = await Line.CreateAsync();
        await using var plc = await Plc.ConnectAsync(line.Broker.Port);
        await using (var first = new AgentProcess(line.Configuration))
        {
            await plc.ReadyAsync(agentEpoch: 1);
            await plc.TriggerAsync("a");
            await plc.ResultAsync("a");
            await first.KillAsync();
        }

        await plc.WaitAsync("state", s => s.GetProperty("state").GetString() == "offline");
        await plc.TriggerAsync("b");
        await using var second = new AgentProcess(line.Configuration);
        await plc.ReadyAsync(agentEpoch: 2);
        var missed = await plc.ResultAsync("b");
        await plc.TriggerAsync("a");
        await plc.WaitAsync("ack", a => a.GetProperty("status").GetString() == "duplicate");
        await plc.TriggerAsync("c");
        await plc.VerdictAsync("c");

        Assert.StartsWith("deadline_missed:", missed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(plc.All("verdict"), v => v.GetProperty("trigger_id").GetString() == "b");
    }

    [Fact]
    public async Task Run_KilledBetweenStoreAndPublish_RecordComesOnceOnResultsAndNoVerdictLate()
    {
        await using var line = await Line.CreateAsync();
        await using var cable = TcpProxy.Start(line.Broker.Port);
        line.Configure(cable.Port);
        await using var plc = await Plc.ConnectAsync(line.Broker.Port);
        await using (var first = new AgentProcess(line.Configuration))
        {
            await plc.ReadyAsync(agentEpoch: 1);
            await plc.TriggerAsync("a", """, "deadline_ms": 2000 """);
            await plc.WaitAsync("acquired", a => a.GetProperty("trigger_id").GetString() == "a");
            cable.Stall();
            await first.WaitForOutputAsync("trigger \"a\": ");
            await first.KillAsync();
        }

        var verdicts = plc.All("verdict").Count;
        cable.Cut();
        cable.Open();
        await using var second = new AgentProcess(line.Configuration);
        await plc.ReadyAsync(agentEpoch: 2);
        await plc.ResultAsync("a");
        await plc.TriggerAsync("b");
        await plc.ResultAsync("b");

        // Whether the cable was stalled before the verdict left is up to the machine; that it never comes afterwards is not.
        Assert.Equal(verdicts + 1, plc.All("verdict").Count);
        var records = plc.All("results").Where(r => r.GetProperty("trigger_id").GetString() == "a").ToArray();
        Assert.Single(records.Select(r => r.GetProperty("seq").GetInt64()).Distinct());
        Assert.True(verdicts == 1 || records.All(r => r.GetProperty("late").GetBoolean()));
    }

    [Theory]
    [InlineData("triggers refused", "topic read sc/#", "agent/marker")]
    [InlineData("wrong password", null, "not connected")]
    public async Task Run_BrokerRefuses_SaysWhyAndKeepsTrying(string reason, string? rules, string expected)
    {
        var broker = new BrokerOptions { AccessControl = rules, Users = rules is null ? new Dictionary<string, string> { ["plc"] = "secret" } : new Dictionary<string, string>() };
        await using var line = await Line.CreateAsync(broker);
        await using var agent = new AgentProcess(line.Configuration);

        await agent.WaitForOutputAsync(expected);

        Assert.False(agent.HasExited, reason);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Fact]
    public async Task Run_WithoutABankAndWithAnUnwritableStore_SaysBothAndExitsWithOne()
    {
        var folder = Directory.CreateTempSubdirectory("structcore-line-");
        try
        {
            var file = Path.Combine(folder.FullName, "line.json");
            await File.WriteAllTextAsync(file, """
                {
                  "Store": { "Path": "/proc/no/store.db" },
                  "Stations": [ { "Id": "one", "Camera": "c" } ],
                  "Cameras": [ { "Id": "c", "Source": "images" } ]
                }
                """);
            await using var agent = new AgentProcess(file);
            var code = await agent.WaitAsync();
            var output = agent.Output();

            Assert.Equal(1, code);
            Assert.Contains("Stations:0: ", output, StringComparison.Ordinal);
            Assert.Contains("Store:Path: ", output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
