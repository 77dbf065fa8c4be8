using System.Text.Json;
using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Telemetry;

public sealed class CameraStatePublisherTests
{
    private const string Left = "camera/left/state";

    [Fact]
    public async Task Started_EveryCameraATriggerMayName_IsSaidRetained()
    {
        await using var station = await new StationHarness().StartAsync();
        var left = await station.Broker.WaitAsync(Left, Works);
        await station.Broker.WaitAsync("camera/right/state", Works);

        Assert.Equal("left", left.GetProperty("id").GetString());
        Assert.False(left.TryGetProperty("failure", out _));
        Assert.Equal("2026-02-03T04:05:06.000Z", left.GetProperty("since").GetString());
        Assert.Equal(["frames", "incomplete_buffers", "lost_packets", "stale", "frozen", "black", "reconnects"], left.GetProperty("counters").EnumerateObject().Select(c => c.Name));
        Assert.All(station.Broker.Published(Left), m => Assert.Equal((true, Edge.Triggers.QualityOfService.AtLeastOnce), (m.Retain, m.QualityOfService)));
    }

    [Fact]
    public async Task CameraFails_IsSaidWithReasonAndTimeAndSoIsItsReturn()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Time.Advance(TimeSpan.FromSeconds(1));
        station.Camera.OpenFailure = "no signal";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");
        var failed = await station.Broker.WaitAsync(Left, s => State(s) == "failed" && s.GetProperty("failure").GetString() == "no signal");

        Assert.Equal("2026-02-03T04:05:07.000Z", failed.GetProperty("since").GetString());
        station.Camera.OpenFailure = null;
        var back = station.Broker.WaitAsync(Left, s => Works(s) && s.GetProperty("counters").GetProperty("reconnects").GetInt64() == 1);
        await station.AdvanceUntilAsync(back);
    }

    [Fact]
    public async Task BlackPicture_IsDegradedAndAFaultOfTheStation()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.Show([0, 0, 3]);
        station.Trigger("a");

        Assert.StartsWith("camera_black: ", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        await station.Broker.WaitAsync(Left, s => State(s) == "degraded" && s.GetProperty("counters").GetProperty("black").GetInt64() == 1);
        await station.Broker.WaitAsync("state", s => State(s) == "error" && s.GetProperty("faults")[0].GetProperty("text").GetString()!.StartsWith("camera_black: ", StringComparison.Ordinal));
        station.Trigger("b");
        Assert.Equal("ACCEPT", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
        await station.Broker.WaitAsync("state", _ => State(station.Broker.Bodies("state")[^1]) == "ready");
    }

    [Fact]
    public async Task CameraOfOtherTriggers_Fails_IsSaidButNoFaultOfTheStation()
    {
        await using var station = await new StationHarness().StartAsync();
        var before = station.Broker.Bodies("state").Count;
        station.Second.OpenFailure = "cable out";
        station.Second.Show(GrabResult.Failed("no signal"));
        station.Trigger("a", """, "camera": "right" """);
        await station.Broker.WaitAsync("camera/right/state", s => State(s) == "failed");

        station.Trigger("b");
        await station.ResultAsync("b");
        Assert.DoesNotContain(station.Broker.Bodies("state").Skip(before), s => State(s) == "error");
    }

    [Fact]
    public async Task Counters_AloneChanged_AreSaidAtMostEveryTenSeconds()
    {
        await using var station = await new StationHarness().StartAsync();
        await station.Broker.WaitAsync(Left, Works);
        var said = station.Broker.Published(Left).Count;
        for (var i = 0; i < 5; i++)
        {
            station.Trigger($"{i}");
            await station.ResultAsync($"{i}");
        }

        Assert.Equal(said, station.Broker.Published(Left).Count);
        var refreshed = station.Broker.WaitAsync(Left, s => s.GetProperty("counters").GetProperty("frames").GetInt64() == 5);
        await station.AdvanceUntilAsync(refreshed);
        Assert.Equal(said + 1, station.Broker.Published(Left).Count);
    }

    [Fact]
    public async Task BrokerBack_EverythingIsSaidOnceMore()
    {
        await using var station = await new StationHarness().StartAsync();
        await station.Broker.WaitAsync(Left, Works);
        await station.Broker.WaitAsync("camera/right/state", Works);
        var (left, right) = (station.Broker.Bodies(Left).Count(Works), station.Broker.Bodies("camera/right/state").Count(Works));
        station.Broker.Drop();

        await station.Broker.WaitAsync(Left, Works, left + 1);
        await station.Broker.WaitAsync("camera/right/state", Works, right + 1);
    }

    [Fact]
    public async Task PoliteStop_LeavesOfflineBehind()
    {
        var station = await new StationHarness().StartAsync();
        await station.Broker.WaitAsync(Left, Works);
        await station.DisposeAsync();

        Assert.Equal("offline", State(station.Broker.Bodies(Left)[^1]));
        Assert.Equal("offline", State(station.Broker.Bodies("camera/right/state")[^1]));
    }

    private static bool Works(JsonElement body) => State(body) == "works";

    private static string? State(JsonElement body) => body.GetProperty("state").GetString();
}
