using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace StructCore.Tests;

/// <summary>What a payload says becomes no path, no SQL, no line of the log and no secret.</summary>
public sealed partial class HostileTests(FittedParts parts)
{
    private static readonly string Marker = "mark" + Guid.NewGuid().ToString("N");

    private static readonly string[] Ids =
    [
        $"../../{Marker}", $"..\\..\\{Marker}", $"/tmp/{Marker}", $"C:\\{Marker}", $"{Marker}/", $"%2e%2e%2f{Marker}", $"file:///tmp/{Marker}", $"~/{Marker}", $"$(touch /tmp/{Marker})", $"`touch /tmp/{Marker}`",
        "'; DROP TABLE inspection; --", "\" OR 1=1 --", "'); DELETE FROM outbox; --", "a' UNION SELECT epoch FROM agent --", "$station", "{0}{Station}", "a\0b", "line\r\n2026-01-01 fail: forged", "\u001b[2J\u001b]0;owned\u0007",
        "漢字 ü 🙂 \u202Egnp.exe", " ", new string('x', 250), "sc/v1/#", "+/#", "{\"verdict\": \"ACCEPT\"}", "<script>alert(1)</script>", "NaN", "-1", "1e999",
    ];

    [Fact]
    public async Task Trigger_WithHostileIds_TouchesNeitherFilesNorRows()
    {
        var evidence = "evidence";
        await using var station = await RunningStation.StartAsync(parts, c => c["Evidence"] = new JsonObject { ["Folder"] = evidence, ["AcceptSampling"] = 1 });
        var (plc, line) = (station.Plc, station.Line);
        foreach (var id in Ids)
        {
            await plc.SendAsync(JsonSerializer.Serialize(new { plc_epoch = id, trigger_id = id, part_id = Printable(id) }));
            await plc.ResultAsync(id);
            await plc.SendAsync(JsonSerializer.Serialize(new { plc_epoch = 1, trigger_id = "r " + id, recipe = id }));
            await plc.WaitAsync("ack", a => Plc.IsOf(a, "r " + id) && a.GetProperty("status").GetString() is "unknown_recipe" or "invalid");
            await plc.SendAsync(JsonSerializer.Serialize(new { plc_epoch = 1, trigger_id = "c " + id, camera = id }));
            await plc.AckAsync("c " + id, "invalid");
        }

        await plc.SendAsync("""{"plc_epoch": 1, "trigger_id": "\ud800"}""");
        await plc.SendAsync(JsonSerializer.Serialize(new { plc_epoch = 1, trigger_id = new string('x', 300) }));
        await plc.TriggerAsync("last");
        await plc.ResultAsync("last");
        await station.Agent.StopAsync();

        Assert.Equal(Ids.Length + 1, plc.All("results").Count);
        Assert.Equal(Ids.Append("last"), plc.All("results").Select(r => r.GetProperty("trigger_id").GetString()));
        Assert.Equal((0, Ids.Length + 1, 0), line.Stored());
        Assert.Empty(line.Read(s => s.FindDamage()));
        Assert.All(Directory.GetFiles(line.Folder, "*", SearchOption.AllDirectories), f => Assert.Matches(KnownFile(), Path.GetRelativePath(line.Folder, f)));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(line.Folder, evidence), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetTempPath(), $"*{Marker}*"));
        Assert.DoesNotContain(station.Agent.Output, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(station.Agent.Output.Split('\n'), l => l.StartsWith("2026-01-01 fail", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("variable")]
    [InlineData("file")]
    public async Task Camera_AddressWithAPassword_IsNeverShown(string where)
    {
        var source = $"rtsp://admin:geheim@127.0.0.1:{LoopbackPort.Free()}/stream";
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        var address = Path.Combine(line.Folder, "address");
        await File.WriteAllTextAsync(address, source);
        line.Configure(c => c["Cameras"]![0] = new JsonObject { ["Id"] = "folder", ["Kind"] = "opencv", ["SourceFile"] = where == "file" ? "address" : null });
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], where == "file" ? [] : [("STRUCTCORE__Cameras__0__Source", source)]);
        var state = await plc.WaitAsync("state", s => s.GetProperty("state").GetString() == "error" && s.GetProperty("faults").EnumerateArray().Any(f => f.GetProperty("text").GetString()!.Contains("cannot be opened", StringComparison.Ordinal)));
        await agent.WaitForOutputAsync("cannot be opened");
        await plc.TriggerAsync("a");
        var result = await plc.ResultAsync("a");
        await agent.StopAsync();

        Assert.Contains("rtsp://127.0.0.1", state.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", state.GetRawText() + result.GetRawText() + agent.Output + agent.Error, StringComparison.Ordinal);
        Assert.Equal(where == "file", agent.Output.Contains($"The secret in '{address}' can be read or changed by others", StringComparison.Ordinal));
    }

    // A part's number is text for people: control characters in it are refused.
    private static string Printable(string id) => new([.. id.Where(c => !char.IsControl(c))]);

    [GeneratedRegex(@"^(line\.json|store\.db[A-Za-z.-]*|evidence/[A-Za-z0-9/_.-]+)$")]
    private static partial Regex KnownFile();
}
