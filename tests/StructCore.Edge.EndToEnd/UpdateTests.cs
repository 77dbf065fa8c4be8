using System.Text.Json;
using StructCore.Tests.PowerCuts;
using StructCore.Vision.Fitting;

namespace StructCore.Tests;

/// <summary>From <c>fit</c> in the engineer's folder to verdicts of a running station, by the commands of the README alone.</summary>
public sealed class UpdateTests(FittedParts parts)
{
    private const string Category = Office.Category;
    private const string Name = "s/l/one";

    [Fact]
    public async Task Bank_PublishedOverHttps_Decides()
    {
        using var office = await Office.OpenAsync(parts);
        var certificates = TestCertificates.Create(office["certificates"], []);
        await using var server = await PackageServer.StartAsync(office["web"], certificates);
        await using var station = await UpdatingStation.StartAsync(parts, office.FirstDay, office.Camera(Category), c =>
        {
            c["Updates"]!["BaseUrl"] = server.Address;
            c["Updates"]!["CaFile"] = certificates.CaFile;
        });
        Assert.Equal($"{Category}-v1", Bank(await station.JudgeAsync()));

        var package = await office.ReleaseAsync(2, coreset: 0.08);
        await PublishAsync(station, package, "--web", office["web"]);
        var said = station.Plc.All("update/state")[^1];
        Assert.Equal(("done", 2), (said.GetProperty("stage").GetString(), said.GetProperty("version").GetInt32()));
        Assert.Equal($"{Category}-v2", Bank(await station.JudgeAsync()));
        await station.Plc.WaitAsync($"bank/{Category}/state", s => Id(s, "active") == $"{Category}-v2" && Id(s, "previous") == $"{Category}-v1" && !s.GetProperty("on_probation").GetBoolean());

        var own = BankFile.Read(package).Calibration.Threshold;
        await office.RunAsync("bank", "calibrate", package, "--threshold", "50", "--number", "1", "--key", office["keys/line.key.pem"], "--out", office["calibration.json"]);
        await PublishAsync(station, office["calibration.json"]);
        var calibrated = await station.JudgeAsync();
        Assert.Equal(($"{Category}-v2", 50f), (Bank(calibrated), calibrated.GetProperty("threshold").GetSingle()));
        Assert.NotEqual(50f, own);

        Assert.Equal("done", (await station.Plc.CommandAsync("rollback", $$"""{"category": "{{Category}}"}""")).GetProperty("status").GetString());
        Assert.Equal($"{Category}-v1", Bank(await station.JudgeAsync()));

        // What was active outlives a restart; the desired message that is still there changes nothing.
        Assert.Equal(0, await station.Agent.StopAsync());
        await station.RestartAsync();
        Assert.Equal($"{Category}-v1", Bank(await station.JudgeAsync()));
        var history = await office.RunAsync("bank", "history", "--config", station.Line.Configuration);
        foreach (var expected in (string[])["activated", "confirmed", "calibrated", "rolled", (await office.KeyIdAsync("line"))[..8]])
        {
            Assert.Contains(expected, history, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Bank_ThroughTheBrokerAlone_DecidesAndKeysAreRotatedOnTheWay()
    {
        using var office = await Office.OpenAsync(parts);
        await using var station = await UpdatingStation.StartAsync(parts, office.FirstDay, office.Camera(Category));
        await PublishAsync(station, await office.ReleaseAsync(2, coreset: 0.08), "--chunks");
        Assert.Equal($"{Category}-v2", Bank(await station.JudgeAsync()));

        await office.RunAsync("keys", "create", "--out", office["keys/next"]);
        await office.RunAsync("trust", "update", office["trust.json"], "--revoke", await office.KeyIdAsync("line"), "--add-bank-key", office["keys/next.pub.pem"], "--key", office["keys/root.key.pem"]);
        await PublishAsync(station, office["trust.json"]);
        await PublishAsync(station, await office.ReleaseAsync(3, coreset: 0.03, key: "next"), "--chunks");
        Assert.Equal($"{Category}-v3", Bank(await station.JudgeAsync()));

        // The key that was lost opens nothing any more.
        var (code, output, error) = await Structcore.RunAsync("bank", "verify", office[$"packages/{Category}-v2{BankFile.Extension}"], "--trust", office["trust.json"]);
        Assert.Equal(1, code);
        Assert.Contains("revoked_key", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Category_ThatIsNewToAStation_IsJudgedOnceItsBankCame()
    {
        using var office = await Office.OpenAsync(parts);
        File.Delete(Path.Combine(office.FirstDay, "banks", "blister-v1" + BankFile.Extension));
        await using var station = await UpdatingStation.StartAsync(parts, office.FirstDay, office.Camera("blister"));
        await station.TriggerAsync("blister");
        await station.Plc.AckAsync("p1", "unknown_recipe");

        await PublishAsync(station, "blister", await office.SignAsync("blister", 1), ["--chunks"]);
        Assert.Equal("blister-v1", Bank(await station.JudgeAsync("blister")));
        Assert.Equal($"{Category}-v1", Bank(await station.JudgeAsync()));
    }

    [Fact]
    public async Task Bank_WithABadThreshold_IsSwappedBackByTheGuard()
    {
        using var office = await Office.OpenAsync(parts);
        await using var station = await UpdatingStation.StartAsync(parts, office.FirstDay, office.Camera(Category), c => c["Updates"]!["ShadowInspections"] = 0);
        var good = BankFile.Read(office.Bank(Category, 1));
        var calibration = good.Calibration with { Threshold = good.Calibration.Threshold / 1000 };
        BankFile.Write(new ProductBank(good.Manifest with { Calibration = calibration }, good.Memory, good.Routing, ""), office["banks"], DateTimeOffset.UtcNow);
        await using var publishing = Publish(station, await office.SignAsync(Category, 2), "--chunks");
        var said = await station.JudgeUntilAsync(s => s.GetProperty("stage").GetString() == "withdrawn");

        Assert.StartsWith("guard_shift: ", said.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await publishing.WaitAsync());
        Assert.Contains("guard_shift", publishing.Output + publishing.Error, StringComparison.Ordinal);
        Assert.Equal($"{Category}-v1", Bank(await station.JudgeAsync()));
        Assert.Contains("guard_shift", await office.RunAsync("bank", "history", "--config", station.Line.Configuration), StringComparison.Ordinal);
    }

    private static string? Bank(JsonElement verdict) => verdict.TryGetProperty("bank", out var bank) ? bank.GetProperty("id").GetString() : null;

    private static string? Id(JsonElement state, string which) => state.TryGetProperty(which, out var bank) ? bank.GetProperty("id").GetString() : null;

    private static ToolProcess Publish(UpdatingStation station, string file, params IEnumerable<string> how) =>
        Structcore.Start(["bank", "publish", file, "--broker", station.BrokerAddress, "--station", Name, "--wait", .. how]);

    private static Task PublishAsync(UpdatingStation station, string file, params IEnumerable<string> how) => PublishAsync(station, Category, file, how);

    /// <summary>Publishes and goes on judging parts until the station has taken it.</summary>
    private static async Task PublishAsync(UpdatingStation station, string recipe, string file, IEnumerable<string> how)
    {
        await using var publishing = Publish(station, file, how);
        while (!publishing.HasExited)
        {
            await station.Plc.ResultAsync(await station.TriggerAsync(station.Plc.All($"bank/{recipe}/state").Any(s => Id(s, "active") is not null) ? recipe : Category));
        }

        Assert.True(await publishing.WaitAsync() == 0, $"{publishing.Output}\n{publishing.Error}\n{station.Agent.Output}");
    }
}
