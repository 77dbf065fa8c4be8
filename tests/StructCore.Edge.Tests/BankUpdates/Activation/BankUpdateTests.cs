using StructCore.Edge.Storage;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>A desired bank's way from the message to deciding about parts.</summary>
public sealed class BankUpdateTests
{
    [Fact]
    public async Task Desired_GoodPackage_DecidesAfterEveryGateAndIsConfirmed()
    {
        await using var line = await new UpdateLine().StartAsync();
        var desired = line.Sign("cap", 2);
        line.Publish("cap", desired);
        await line.StageAsync("shadow");
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        await line.StageAsync("guard");
        Assert.True(line.Standing()!.OnProbation);
        Assert.Equal(2, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Equal(2, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());

        var done = await line.StageAsync("done");

        Assert.Equal(2, done.GetProperty("shadow").GetProperty("inspections").GetInt32());
        Assert.Equal(2, done.GetProperty("guard").GetProperty("inspections").GetInt32());
        Assert.Equal(1, done.GetProperty("parity").GetProperty("images").GetArrayLength());
        Assert.Equal(line.Packages.BankKey.Id, Assert.Single(done.GetProperty("signed_by").EnumerateArray()).GetString());
        Assert.Equal(["verifying", "downloading", "verifying", "parity", "shadow", "guard", "done"], Stages(line));
        Assert.Equal([BankEventKind.Activated, BankEventKind.Confirmed], line.History().Select(e => e.Kind));
        Assert.Equal((2, desired.Package.Sha256, 1), (line.Standing()!.Active.Version, line.Standing()!.Active.Sha256, line.Standing()!.Previous!.Version));
        Assert.True(File.Exists(Path.Combine(line.Banks, "cap-v2.scbank")));
        Assert.Empty(Directory.GetFiles(line.Incoming));
    }

    private static IEnumerable<string> Stages(UpdateLine line)
    {
        string? last = null;
        foreach (var stage in line.Station.Broker.Bodies("update/state").Where(b => b.TryGetProperty("category", out _)).Select(b => b.GetProperty("stage").GetString()!))
        {
            if (stage != last)
            {
                yield return last = stage;
            }
        }
    }
}
