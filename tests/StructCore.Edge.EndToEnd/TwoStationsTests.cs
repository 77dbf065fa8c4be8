using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>Two stations, each with a camera and a product of its own, in one process on one backbone.</summary>
public sealed class TwoStationsTests(FittedParts parts)
{
    private const int PartsEach = 8;

    [Fact]
    public async Task TwoStations_TriggeredAtOnce_EachJudgesItsOwnPartsInOrder()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        line.Configure(c =>
        {
            c["Stations"] = new JsonArray(Station("one", "left", "flange"), Station("two", "right", "blister"));
            c["Cameras"] = new JsonArray(Camera(line, "left", "flange"), Camera(line, "right", "blister"));
        });
        await using var one = await Plc.ConnectAsync(broker.Port);
        await using var two = await Plc.ConnectAsync(broker.Port, "sc/v1/s/l/two/");
        await using var agent = line.StartAgent();
        await Task.WhenAll(one.StateAsync("ready"), two.StateAsync("ready"));

        // The same ids on both: a trigger is known by its station too.
        for (var i = 0; i < PartsEach; i++)
        {
            await Task.WhenAll(one.TriggerAsync($"{i}"), two.TriggerAsync($"{i}"));
        }

        foreach (var (plc, product) in new[] { (one, "flange"), (two, "blister") })
        {
            for (var i = 0; i < PartsEach; i++)
            {
                await plc.ResultAsync($"{i}");
            }

            var results = plc.All("results");
            Assert.Equal(Enumerable.Range(0, PartsEach).Select(i => $"{i}"), plc.All("verdict").Select(v => v.GetProperty("trigger_id").GetString()));
            Assert.All(results, r => Assert.Equal(product, r.GetProperty("category").GetString()));
            Assert.All(results, r => Assert.Contains($"-{product}-", r.GetProperty("frame_id").GetString(), StringComparison.Ordinal));

            // The camera shows its two parts in turn: the same part, the same score, whatever the other station does.
            var scores = results.Select(r => r.GetProperty("score").GetSingle()).ToArray();
            Assert.Equal(2, scores.Distinct().Count());
            Assert.All(Enumerable.Range(2, PartsEach - 2), i => Assert.Equal(scores[i - 2], scores[i]));
        }
    }

    private static JsonNode Station(string id, string camera, string category) =>
        new JsonObject { ["Site"] = "s", ["Line"] = "l", ["Id"] = id, ["Camera"] = camera, ["Categories"] = new JsonArray(category), ["DeadlineMs"] = 20_000 };

    private JsonNode Camera(Line line, string id, string product)
    {
        var folder = Directory.CreateDirectory(Path.Combine(line.Folder, id)).FullName;
        foreach (var name in new[] { $"{product}-good", $"{product}-stain" })
        {
            File.Copy(parts.Frame(name), Path.Combine(folder, $"{name}.png"));
        }

        return new JsonObject { ["Id"] = id, ["Kind"] = "folder", ["Source"] = folder };
    }
}
