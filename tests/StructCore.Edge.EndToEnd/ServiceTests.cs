namespace StructCore.Tests;

/// <summary>What the real process says to its service manager, and how it leaves.</summary>
public sealed class ServiceTests(FittedParts parts)
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Agent_UnderAServiceManager_SaysReadyWhenWarmThenLivesAndSaysStopping()
    {
        using var manager = new NotifyListener(inAbstractNamespace: true);
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = line.StartAgent(("NOTIFY_SOCKET", manager.Address), ("WATCHDOG_USEC", $"{Watchdog.TotalMicroseconds:F0}"));
        await manager.WaitAsync("READY=1");
        await plc.StateAsync("ready");
        await manager.WaitAsync("WATCHDOG=1", 6);
        var before = manager.Received;
        Assert.Equal(0, await agent.StopAsync());
        await manager.WaitAsync("STOPPING=1");

        var said = before.Select(r => r.Message).ToList();
        Assert.Single(said, "READY=1");
        Assert.True(said.IndexOf("STATUS=s/l/one preoperational") < said.IndexOf("READY=1"), string.Join('\n', said));
        var alive = before.Where(r => r.Message == "WATCHDOG=1").Select(r => r.At).ToArray();
        Assert.All(alive.Zip(alive.Skip(1)), pair => Assert.True(pair.Second - pair.First < Watchdog / 2, $"{pair.Second - pair.First}"));
    }

    [Fact]
    public async Task Agent_WithoutBrokerAndCamera_IsReadyForItsManagerAllTheSame()
    {
        using var manager = new NotifyListener();
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => c["Cameras"]![0]!["Source"] = "/nowhere");
        await using var agent = line.StartAgent(("NOTIFY_SOCKET", manager.Address), ("WATCHDOG_USEC", $"{Watchdog.TotalMicroseconds:F0}"));
        await manager.WaitAsync("READY=1");
        await manager.WaitAsync(all => all.Any(m => m.StartsWith("STATUS=s/l/one error, camera_failed: ", StringComparison.Ordinal)));
        await manager.WaitAsync("WATCHDOG=1", 3);
        Assert.Equal(0, await agent.StopAsync());
    }

    [Theory]
    [InlineData(ProcessSignal.Terminate)]
    [InlineData(ProcessSignal.Interrupt)]
    public async Task Stop_QueueFullAndOneInWork_EachHasOneVerdictAndOneRecordWhateverSignalFollows(int second)
    {
        const int capacity = 20;
        await using var station = await RunningStation.StartAsync(parts, c => c["Stations"]![0]!["QueueCapacity"] = capacity);
        var ids = Enumerable.Range(0, capacity).Select(i => $"p{i}").ToArray();
        foreach (var id in ids)
        {
            await station.Plc.TriggerAsync(id);
        }

        await station.Plc.AckAsync(ids[^1], "accepted");
        station.Agent.Signal(ProcessSignal.Terminate);
        await LeavingAsync(station.Plc);
        station.Agent.Signal(second);
        Assert.Equal(0, await station.Agent.WaitAsync(Edge.AgentHost.ShutdownTimeout));
        await station.Plc.StateAsync("offline");

        Assert.Empty(station.Agent.Error);
        foreach (var id in ids)
        {
            await station.Plc.VerdictAsync(id);
            await station.Plc.ResultAsync(id);
            Assert.Single(station.Plc.All("verdict"), v => Plc.IsOf(v, id));
        }

        Assert.Equal((0, capacity, 0), station.Line.Stored());
    }

    [Fact]
    public async Task Stop_TriggerWhileLeaving_IsAnsweredNotReady()
    {
        await using var station = await RunningStation.StartAsync(parts, c => c["Stations"]![0]!["QueueCapacity"] = 100);
        for (var i = 0; i < 60; i++)
        {
            await station.Plc.TriggerAsync($"p{i}");
        }

        await station.Plc.AckAsync("p59", "accepted");
        station.Agent.Signal(ProcessSignal.Terminate);
        await LeavingAsync(station.Plc);
        await station.Plc.TriggerAsync("late");
        Assert.StartsWith("stopping: ", await station.Plc.AckAsync("late", "not_ready"), StringComparison.Ordinal);
        Assert.Equal(0, await station.Agent.WaitAsync());
    }

    [Fact]
    public async Task Start_SecondAgentOnTheSameStore_IsRefusedByName()
    {
        await using var station = await RunningStation.StartAsync(parts);
        var (code, _, error) = await Structcore.RunAsync("run", "--config", station.Line.Configuration);

        Assert.Equal(1, code);
        Assert.Contains($"Store:Path: Another agent works with the inspection store '{station.Line.StorePath}'.", error, StringComparison.Ordinal);
    }

    /// <summary>It began with this state too.</summary>
    private static Task LeavingAsync(Plc plc) => plc.WaitAsync("state", _ => plc.All("state")[^1].GetProperty("state").GetString() == "preoperational");
}
