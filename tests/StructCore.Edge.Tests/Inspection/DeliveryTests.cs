using System.Text.Json;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Inspection;

/// <summary>Verdicts do not wait for each other's acknowledgement, results wait for all of them, and nothing leaves late.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Verdicts_BrokerDoesNotAcknowledge_AreHandedOverOneAfterTheOtherAllTheSame()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Stalled = true;
        foreach (var id in new[] { "a", "b", "c" })
        {
            station.Trigger(id);
            await station.VerdictAsync(id);
        }

        Assert.Empty(station.Broker.Published("results"));
        station.Broker.Acknowledge();
        await station.ResultAsync("c");
        await station.StopAsync();
        Assert.Equal(["a", "b", "c"], station.Broker.Bodies("results").Select(Id));
        Assert.All(station.Broker.Bodies("results"), r => Assert.False(r.GetProperty("late").GetBoolean()));
        Assert.All(station.Store.Records, r => Assert.True(r.Delivered));
    }

    [Fact]
    public async Task Verdict_NotAcknowledgedInTime_TakesTheConnectionWithItAndTheNextOneIsDelivered()
    {
        await using var station = await new StationHarness().StartAsync();
        var first = station.Broker.LastConnection;
        station.Broker.Stalled = true;
        station.Trigger("a");
        await station.VerdictAsync("a");
        station.Time.Advance(TimeSpan.FromMilliseconds(1979));
        Assert.Same(first, station.Broker.LastConnection);
        station.Broker.Stalled = false;
        var ready = station.NextStateAsync("ready");
        station.Time.Advance(TimeSpan.FromMilliseconds(1));
        await ready;
        Assert.NotSame(first, station.Broker.LastConnection);

        station.Trigger("b");
        Assert.False((await station.ResultAsync("b")).GetProperty("late").GetBoolean());
        Assert.True((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
        Assert.Equal(["a", "b"], station.Broker.Bodies("results").Select(Id));
    }

    [Fact]
    public async Task Repeated_WhileNothingIsAcknowledged_TakesTheConnectionWithItToo()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        var first = station.Broker.LastConnection;
        station.Broker.Stalled = true;
        station.Trigger("a");
        await station.Broker.WaitAsync("verdict", count: 2);
        station.Broker.Stalled = false;
        var ready = station.NextStateAsync("ready");
        station.Time.Advance(TimeSpan.FromSeconds(2));
        await ready;

        Assert.NotSame(first, station.Broker.LastConnection);
    }

    [Fact]
    public async Task Results_WithAPause_ShareTheirTransactions()
    {
        var harness = new StationHarness();
        harness.Options.ResultsPauseMs = 200;
        await using var station = await harness.StartAsync();

        station.Trigger("first");
        await station.VerdictAsync("first");
        await station.AdvanceUntilAsync(station.ResultAsync("first"));
        string[] ids = ["a", "b", "c", "d", "e"];
        foreach (var id in ids)
        {
            station.Trigger(id);
            await station.VerdictAsync(id);
        }

        await station.AdvanceUntilAsync(station.ResultAsync("e"));
        await station.StopAsync();

        Assert.Equal(ids, station.Broker.Bodies("results").Select(Id).Skip(1));

        // One for the agent's epoch, two for each part, two for each round of results; a round for each part would make it 25.
        Assert.InRange(station.Store.Transactions, 13, 21);
    }

    [Fact]
    public async Task Record_StoredLaterThanItsErrorWasDelivered_IsNotLate()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");
        station.Extractor.During = _ => station.Store.Failure = "disk full";
        station.Trigger("a");
        await station.VerdictAsync("a");
        await error;
        station.Extractor.During = null;
        station.Store.Failure = null;
        await station.AdvanceUntilAsync(station.NextStateAsync("ready"));
        station.Trigger("b");

        Assert.False((await station.ResultAsync("b")).GetProperty("late").GetBoolean());
        Assert.False((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
        Assert.Equal(["a", "b"], station.Broker.Bodies("results").Select(Id));
    }

    [Fact]
    public async Task Results_StoreFailsMeanwhile_FollowWhenItWorksAgain()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Stalled = true;
        station.Trigger("a");
        await station.VerdictAsync("a");
        station.Store.Failure = "disk full";
        station.Broker.Acknowledge();
        await station.Store.Refused.WaitAsync();
        station.Store.Failure = null;

        await station.AdvanceUntilAsync(station.ResultAsync("a"));
        Assert.False(station.Broker.Bodies("results")[^1].GetProperty("late").GetBoolean());
    }

    private static string? Id(JsonElement body) => body.GetProperty("trigger_id").GetString();
}
