using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>A real agent on a disk that runs full.</summary>
public sealed class DiskFullTests(FittedParts parts)
{
    [Fact]
    public async Task Disk_FilledByOthers_StopsTheStationUntilThereIsSpaceAgain()
    {
        using var disk = new SmallDisk(32);
        await using var station = await RunningStation.StartAsync(parts, c =>
        {
            c["Store"] = new JsonObject { ["Path"] = disk["store.db"], ["MinFreeMegabytes"] = 4 };
            c["Evidence"] = new JsonObject { ["Folder"] = disk["evidence"], ["AcceptSampling"] = 1 };
        });
        var plc = station.Plc;
        await plc.TriggerAsync("before");
        await plc.ResultAsync("before");

        disk.Fill();
        var error = await plc.WaitAsync("state", s => Faults(s).Contains("disk_full"));
        await plc.TriggerAsync("refused");
        await plc.AckAsync("refused", "not_ready");
        Assert.Equal("error", error.GetProperty("state").GetString());
        Assert.Empty(Directory.GetFiles(disk["evidence"], "*.png", SearchOption.AllDirectories));

        disk.Clear();
        await plc.WaitAsync("state", _ => plc.All("state")[^1].GetProperty("state").GetString() == "ready");
        await plc.TriggerAsync("after");
        await plc.ResultAsync("after");
        Assert.Equal(0, await station.Agent.StopAsync());

        // A result is sent at least once: where the full disk kept its acknowledgement from being noted, it comes again.
        Assert.Equal(["before", "after"], plc.All("results").Select(r => r.GetProperty("trigger_id").GetString()).Distinct());
        Assert.Single(Directory.GetFiles(disk["evidence"], "*.png", SearchOption.AllDirectories));
    }

    private static IEnumerable<string?> Faults(JsonElement state) => state.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("name").GetString());
}
