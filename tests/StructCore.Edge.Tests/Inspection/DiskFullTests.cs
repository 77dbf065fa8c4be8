using StructCore.Tests.Fakes;

namespace StructCore.Tests.Inspection;

/// <summary>A station on a disk that is full.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task Disk_Full_RefusesTriggersUntilThereIsSpaceAgain()
    {
        await using var station = await new StationHarness().StartAsync();
        station.FreeBytes = 0;
        station.Disk.Check();
        var error = await station.Broker.WaitAsync("state", s => s.GetProperty("faults").ToString().Contains("disk_full", StringComparison.Ordinal));
        station.Trigger("a");
        var refused = await station.AckAsync("a", "not_ready");

        var ready = station.NextStateAsync("ready");
        station.FreeBytes = long.MaxValue;
        station.Disk.Check();
        await ready;
        station.Trigger("b");

        Assert.Equal("error", error.GetProperty("state").GetString());
        Assert.StartsWith("disk_full: less than", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ACCEPT", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
        Assert.DoesNotContain(station.Store.Accepted, t => t.TriggerId == "\"a\"");
        Assert.Contains(station.Station.SelfCheck.Run(), i => i is { Name: "disk", Failure: null });
    }
}
