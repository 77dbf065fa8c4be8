using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Triggers;

/// <summary>An agent that serves a trigger topic together with others.</summary>
public sealed class ShareMemberTests
{
    private const string Filter = "$share/cell/" + StationHarness.Root + "trigger";

    [Fact]
    public async Task Connected_JoinsTheShareUnderANameOfItsOwnWithASessionThatEndsWithIt()
    {
        await using var station = await Shared().StartAsync();
        await station.Broker.SubscribedAsync(Filter);
        station.Trigger("a");
        await station.VerdictAsync("a");
        var connection = station.Broker.LastConnection!;

        Assert.Equal("structcore-plant-line-one-left", connection.ClientId);
        Assert.Equal(TimeSpan.Zero, connection.SessionExpiry);
        Assert.Equal(StationHarness.Root + "left/state", connection.Will!.Topic);
        Assert.All(station.Broker.Published("state"), m => Assert.Equal(StationHarness.Root + "left/state", m.Topic));
        Assert.Equal(StationHarness.Root + "verdict", Assert.Single(station.Broker.Published("verdict")).Topic);
        Assert.Equal("left", station.Broker.Bodies("verdict").Single().GetProperty("instance").GetString());
        Assert.DoesNotContain(StationHarness.Root + "trigger", station.Broker.Subscriptions);
    }

    [Fact]
    public async Task CameraFails_LeavesTheShareUntilItWorksAgain()
    {
        await using var station = await Shared().StartAsync();
        await station.Broker.SubscribedAsync(Filter);
        station.Camera.OpenFailure = "cable out";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");
        await station.Broker.SubscribedAsync("-" + Filter);

        station.Camera.OpenFailure = null;
        await station.AdvanceUntilAsync(station.Broker.SubscribedAsync(Filter, count: 2));
    }

    [Fact]
    public async Task Reconnected_JoinsAgain()
    {
        await using var station = await Shared().StartAsync();
        await station.Broker.SubscribedAsync(Filter);
        station.Broker.Drop();

        await station.AdvanceUntilAsync(station.Broker.SubscribedAsync(Filter, count: 2));
        Assert.DoesNotContain("-" + Filter, station.Broker.Subscriptions);
    }

    [Fact]
    public async Task Stop_LeavesTheShareBeforeAnythingIsRefused()
    {
        await using var station = await Shared().StartAsync();
        await station.Broker.SubscribedAsync(Filter);
        await station.StopAsync();

        Assert.Equal("-" + Filter, station.Broker.Subscriptions.Last());
    }

    private static StationHarness Shared()
    {
        var harness = new StationHarness();
        harness.Options.Share = new() { Group = "cell", Instance = "left" };
        return harness;
    }
}
