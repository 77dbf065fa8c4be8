using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests;

/// <summary>What a real agent kept is scored again by <c>replay</c>.</summary>
public sealed class ReplayTests(FittedParts parts)
{
    [Fact]
    public async Task Replay_RejectAndSampledAccept_AreRepeatedToTheLastBit()
    {
        await using var station = await StartAsync(parts);
        var folder = station.Line.Folder;
        await station.Plc.TriggerAsync("good");
        await station.Plc.TriggerAsync("wrong", """, "recipe": "flange" """);
        var accept = await station.Plc.VerdictAsync("good");
        var reject = await station.Plc.VerdictAsync("wrong");
        Assert.Equal(("ACCEPT", "REJECT"), (accept.GetProperty("verdict").GetString(), reject.GetProperty("verdict").GetString()));

        // Stopped politely, it has written what waited. The replay runs from the file alone.
        Assert.Equal(0, await station.Agent.StopAsync());
        foreach (var verdict in new[] { accept, reject })
        {
            var (code, report) = await ReplayAsync(station.Line, verdict.GetProperty("trigger_id").GetString()!, "--plc-epoch", "1", "--station", "s/l/one");
            Assert.Equal((0, "same"), (code, report.GetProperty("outcome").GetString()));
            Assert.Equal(report.GetProperty("stored").GetRawText(), report.GetProperty("replayed").GetRawText());
            foreach (var field in new[] { "verdict", "category", "route_distance", "score", "threshold" })
            {
                Assert.Equal(verdict.GetProperty(field).GetRawText(), report.GetProperty("replayed").GetProperty(field).GetRawText());
            }
        }

        // Another bank version now decides; the one that decided then is still there.
        var banks = Directory.CreateDirectory(Path.Combine(folder, "banks")).FullName;
        foreach (var file in Directory.GetFiles(parts.Banks))
        {
            File.Copy(file, Path.Combine(banks, Path.GetFileName(file)));
        }

        Configure(station.Line, c => c["Banks"]!["Folder"] = banks);
        Vision.Fitting.BankFile.Write(Vision.Fitting.BankFile.Read(Path.Combine(banks, "blister-v1.scbank")), banks, DateTimeOffset.UnixEpoch.AddYears(50));
        Assert.Equal(0, (await ReplayAsync(station.Line, "good")).Code);

        // And then it is not.
        File.Delete(Path.Combine(banks, "blister-v1.scbank"));
        var (missingCode, missing) = await ReplayAsync(station.Line, "good");
        Assert.Equal((1, "bank_missing"), (missingCode, missing.GetProperty("outcome").GetString()));
        Assert.Contains("'blister-v1'", missing.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_PixelOfTheFrameChanged_SaysThatTheFileWasChanged()
    {
        await using var station = await StartAsync(parts);
        await station.Plc.TriggerAsync("good");
        await station.Plc.ResultAsync("good");
        await station.Agent.StopAsync();
        var file = Assert.Single(Directory.GetFiles(station.Line.Folder, "*-accept.png", SearchOption.AllDirectories));
        var codec = new OpenCvImageCodec();
        var frame = codec.Load(file);

        // The very pixels that the camera gave.
        Assert.Equal(codec.Load(parts.Frame("blister-good")).Pixels.ToArray(), frame.Pixels.ToArray());
        byte[] pixels = [.. frame.Pixels];
        pixels[0] ^= 1;
        await File.WriteAllBytesAsync(file, codec.EncodePng(new RgbImage(frame.Height, frame.Width, pixels)));
        var (code, report) = await ReplayAsync(station.Line, "good");

        Assert.Equal((1, "frame_changed"), (code, report.GetProperty("outcome").GetString()));
        Assert.False(report.TryGetProperty("replayed", out _));
    }

    [Fact]
    public async Task Replay_BesideARunningAgent_AnswersAndChangesNothing()
    {
        await using var station = await StartAsync(parts);
        await station.Plc.TriggerAsync("good");
        await station.Plc.ResultAsync("good");
        var (code, report) = await ReplayAsync(station.Line, "nobody");
        await station.Plc.TriggerAsync("next", """, "recipe": "flange" """);

        Assert.Equal((1, "no_such_trigger"), (code, report.GetProperty("outcome").GetString()));
        Assert.Equal("REJECT", (await station.Plc.VerdictAsync("next")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Replay_NoStore_FailsAndCreatesNone()
    {
        using var line = new Line(parts, 1);
        var (code, output, error) = await Structcore.RunAsync("replay", "a", "--config", line.Configuration);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(line.StorePath, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(line.StorePath));
    }

    private static Task<RunningStation> StartAsync(FittedParts parts) => RunningStation.StartAsync(parts, KeepAll);

    private static void Configure(Line line, Action<JsonNode> change) => line.Configure(c =>
    {
        KeepAll(c);
        change(c);
    });

    private static void KeepAll(JsonNode configuration) => configuration["Evidence"] = new JsonObject { ["Folder"] = "evidence", ["AcceptSampling"] = 1 };

    private static async Task<(int Code, JsonElement Report)> ReplayAsync(Line line, string trigger, params string[] more)
    {
        var file = Path.Combine(line.Folder, $"{Path.GetRandomFileName()}.json");
        var (code, output, error) = await Structcore.RunAsync(["replay", trigger, "--config", line.Configuration, "--json", file, .. more]);
        Assert.Empty(error);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        Assert.Contains(report.RootElement.GetProperty("message").GetString()!, output, StringComparison.Ordinal);
        return (code, report.RootElement.Clone());
    }
}
