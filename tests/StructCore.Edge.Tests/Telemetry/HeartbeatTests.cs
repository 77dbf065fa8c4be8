using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Telemetry;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Heartbeat_WhileAllIsWell_AdvancesTwiceASecond()
    {
        await using var station = await new StationHarness().StartAsync();
        await BeatAsync(station);
        var first = Last(station);
        await BeatAsync(station);

        Assert.Equal(first + 1, Last(station));
        Assert.Equal(Edge.Triggers.QualityOfService.AtMostOnce, station.Broker.Published("heartbeat")[0].QualityOfService);
    }

    [Fact]
    public async Task Heartbeat_InspectionPastItsDeadline_StandsStill()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using var station = await new StationHarness().StartAsync();
        station.Extractor.During = _ =>
        {
            begun.Release();
            go.Wait();
        };
        station.Trigger("a");
        await begun.WaitAsync();
        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        await station.VerdictAsync("a");
        station.Time.Advance(TimeSpan.FromMilliseconds(100));
        await BeatAsync(station);
        var stuck = Last(station);
        await BeatAsync(station);

        Assert.Equal(stuck, Last(station));
        station.Extractor.During = null;
        go.Release();
    }

    [Fact]
    public async Task Heartbeat_CameraFailed_StandsStill()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.OpenFailure = "cable out";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");
        await station.VerdictAsync("a");
        await BeatAsync(station);
        var stuck = Last(station);
        await BeatAsync(station);

        Assert.Equal(stuck, Last(station));
    }

    [Fact]
    public async Task Heartbeat_StoreFails_StandsStillOnceItWasChecked()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");
        station.Store.Failure = "disk full";
        for (var i = 0; i < 11; i++)
        {
            await BeatAsync(station);
        }

        var stuck = Last(station);
        await BeatAsync(station);

        Assert.Equal(stuck, Last(station));
        await error;
    }

    private static async Task BeatAsync(StationHarness station)
    {
        var next = station.Broker.WaitAsync("heartbeat", count: station.Broker.Published("heartbeat").Count + 1);
        station.Time.Advance(TimeSpan.FromMilliseconds(500));
        await next;
    }

    private static long Last(StationHarness station) => station.Broker.Bodies("heartbeat")[^1].GetProperty("counter").GetInt64();
}
