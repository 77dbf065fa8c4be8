using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>Two agents, each with a store of its own, serve one trigger topic at one broker.</summary>
public sealed class ShareTests(FittedParts parts)
{
    private const int Triggers = 24;

    [Fact]
    public async Task TwoAgents_EachTriggerIsInspectedOnceAndBothTakePart()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var left = Member("left", broker.Port);
        using var right = Member("right", broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var first = left.StartAgent();
        await using var second = right.StartAgent();
        await Task.WhenAll(JoinedAsync(first), JoinedAsync(second));
        await TriggerAsync(plc, 0, Triggers);
        await Task.WhenAll(Ids(0, Triggers).Select(plc.ResultAsync));
        Assert.Equal(0, await first.StopAsync());
        Assert.Equal(0, await second.StopAsync());

        Assert.Equal(Ids(0, Triggers).Order(), plc.All("verdict").Select(Id).Order());
        Assert.Equal(Ids(0, Triggers).Order(), plc.All("results").Select(Id).Order());
        Assert.All(plc.All("verdict"), v => Assert.NotEqual("ERROR", v.GetProperty("verdict").GetString()));
        var (ofLeft, ofRight) = (left.Stored().Decided, right.Stored().Decided);
        Assert.Equal(Triggers, ofLeft + ofRight);
        Assert.NotEqual(0, ofLeft);
        Assert.NotEqual(0, ofRight);
        Assert.Equal("offline", plc.All("left/state")[^1].GetProperty("state").GetString());
        Assert.Empty(plc.All("state"));
    }

    [Fact]
    public async Task OneAgentKilled_TheOtherGoesOnAndEveryAcceptedTriggerIsAnswered()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var left = Member("left", broker.Port);
        using var right = Member("right", broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var first = left.StartAgent();
        await using var second = right.StartAgent();
        await Task.WhenAll(JoinedAsync(first), JoinedAsync(second));
        await TriggerAsync(plc, 0, Triggers);
        await Task.WhenAll(Ids(0, Triggers).Select(id => plc.AckAsync(id, "accepted")));
        await second.KillAsync();
        await plc.WaitAsync("right/state", s => s.GetProperty("state").GetString() == "offline");

        // The dead one holds nothing back: all that comes now goes to the other.
        await TriggerAsync(plc, Triggers, Triggers);
        await Task.WhenAll(Ids(Triggers, Triggers).Select(plc.VerdictAsync));
        await using var again = right.StartAgent();
        await Task.WhenAll(Ids(0, 2 * Triggers).Select(plc.ResultAsync));
        await again.StopAsync();
        await first.StopAsync();

        var (ofLeft, ofRight) = (left.Stored(), right.Stored());
        Assert.Equal((0, 2 * Triggers, 0), (ofLeft.Waiting + ofRight.Waiting, ofLeft.Decided + ofRight.Decided, ofLeft.Outbox + ofRight.Outbox));

        // A verdict may not have been noted when the agent died; none was given twice.
        Assert.Equal(plc.All("verdict").Select(Id).Distinct(), plc.All("verdict").Select(Id));
    }

    private static Task JoinedAsync(ToolProcess agent) => agent.WaitForOutputAsync("joined $share/cell/");

    private static string? Id(JsonElement body) => body.GetProperty("trigger_id").GetString();

    private static IEnumerable<string> Ids(int first, int count) => Enumerable.Range(first, count).Select(i => $"{i}");

    private static Task TriggerAsync(Plc plc, int first, int count) => Task.WhenAll(Ids(first, count).Select(id => plc.TriggerAsync(id)));

    private Line Member(string instance, int port)
    {
        var line = new Line(parts, port);
        line.Configure(c =>
        {
            c["Stations"]![0]!["QueueCapacity"] = 100;
            c["Stations"]![0]!["DeadlineMs"] = 60_000;
            c["Stations"]![0]!["Share"] = new JsonObject { ["Group"] = "cell", ["Instance"] = instance };
        });
        return line;
    }
}
