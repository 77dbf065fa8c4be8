using System.Text;

namespace StructCore.Tests.Faults;

/// <summary>Triggers as they should not come: twice, out of order, too many, kept by the broker, broken.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class TriggerFaultTests(FittedParts parts, FaultSheet sheet)
{
    private const string Sound = """{"plc_epoch": 1, "trigger_id": "sound", "part_id": "p", "deadline_ms": 3000}""";

    [Fact]
    public async Task Triggers_RepeatedAndOutOfOrder_AreInspectedOnce()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "duplicated and reordered triggers");
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            string[] ids = [.. Enumerable.Range(0, 7).Select(n => $"r{i}-{(n * 3) % 7}")];
            await Task.WhenAll(ids.Concat(ids.Reverse()).Select(id => line.SendAsync(id)));
            await line.SettleAsync();
            await Task.WhenAll(ids.Select(id => line.SendAsync(id)));
            Assert.True(await line.Plc.UntilAsync(() => line.Plc.All("ack").Count(a => a.GetProperty("status").GetString() == "duplicate") >= (i + 1) * 14, TimeSpan.FromSeconds(20)));
        }

        Assert.Equal(line.Sent.Count, line.Plc.All("acquired").Count);
        await line.Agent.KillAsync();
        await line.StartAgentAsync();
        await line.SendAsync(line.Sent[0].Id);
        await line.Plc.WaitAsync("ack", a => Plc.IsOf(a, line.Sent[0].Id) && line.Plc.All("ack")[^1].GetProperty("status").GetString() == "duplicate");
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Flood_TenTimesTheCapacity_EveryTriggerIsAcceptedOrBusy()
    {
        const int Capacity = 8;
        await using var line = await FaultCase.StartAsync(parts, sheet, "trigger flood at 10x capacity", c => c["Stations"]![0]!["QueueCapacity"] = Capacity);
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            var from = line.Plc.All("ack").Count;
            await line.SendAsync(count: 10 * Capacity);
            Assert.True(await line.Plc.UntilAsync(() => line.Plc.All("ack").Count >= from + (10 * Capacity), TimeSpan.FromSeconds(20)), "Some triggers have no answer.");
            await line.SettleAsync();
        }

        var answers = line.Plc.All("ack").Select(a => a.GetProperty("status").GetString()).ToArray();
        Assert.Contains("busy", answers);
        Assert.All(answers, a => Assert.Contains(a, new[] { "accepted", "busy" }));
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Triggers_Malformed_AreAnsweredInvalidAndHarmNothing()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "malformed triggers");
        byte[][] broken = [.. Malformed(), .. Damaged(FaultCollection.IsFull ? 500 : 50)];
        foreach (var payload in broken)
        {
            await line.SendRawAsync(payload);
        }

        Assert.True(await line.Plc.UntilAsync(() => line.Plc.All("ack").Count >= broken.Length, TimeSpan.FromSeconds(30)), $"{line.Plc.All("ack").Count} of {broken.Length} are answered.");
        Assert.Equal(broken.Length, line.Plc.All("ack").Count);
        line.Tried = broken.Length;
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Triggers_Retained_AreRefusedNowAndAtEveryStart()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "retained triggers");
        line.Tried = FaultCollection.Times(full: 5);
        await line.SendRawAsync(Encoding.UTF8.GetBytes(Sound), retain: true);
        for (var i = 0; i < line.Tried; i++)
        {
            Assert.True(await line.Plc.UntilAsync(() => line.Plc.All("ack").Count(a => a.GetProperty("status").GetString() == "invalid") > i, TimeSpan.FromSeconds(20)));
            await line.Agent.KillAsync();
            await line.StartAgentAsync();
        }

        Assert.DoesNotContain(line.Plc.All("verdict"), v => Plc.IsOf(v, "sound"));
        await line.SendRawAsync([], retain: true);
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    private static IEnumerable<byte[]> Malformed() => new[]
    {
        "", " ", "null", "7", "\"text\"", "[]", "{", "{}", "}{", Sound[..^1], Sound + Sound,
        """{"plc_epoch": 1}""", """{"trigger_id": "a"}""", """{"plc_epoch": 1, "trigger_id": ""}""", """{"plc_epoch": 1, "trigger_id": {}}""",
        """{"plc_epoch": [], "trigger_id": "a"}""", """{"plc_epoch": 1, "trigger_id": null}""", """{"plc_epoch": 1, "trigger_id": "a", "deadline_ms": -1}""",
        """{"plc_epoch": 1, "trigger_id": "a", "deadline_ms": 1e9}""", """{"plc_epoch": 1, "trigger_id": "a", "deadline_ms": "soon"}""",
        """{"plc_epoch": 1, "trigger_id": "a", "recipe": 3}""", """{"plc_epoch": 1, "trigger_id": "a", "recipe": "../../etc/passwd"}""",
        """{"plc_epoch": 1, "trigger_id": "a", "camera": "'; DROP TABLE inspection; --"}""", """{"plc_epoch": 1, "trigger_id": "\ud800"}""",
        $$"""{"plc_epoch": 1, "trigger_id": "{{new string('x', 300)}}"}""", $$"""{"plc_epoch": 1, "trigger_id": "a", "part_id": "{{new string('x', 90_000)}}"}""",
        new string('[', 10_000),
    }.Select(Encoding.UTF8.GetBytes).Append([0xFF, 0xFE, 0x00, 0x80]);

    // What line noise makes of a sound trigger: whatever it still is, it gets one answer. The last brace is always gone.
    private static IEnumerable<byte[]> Damaged(int count)
    {
        var random = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Sound)[..^1];
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            yield return bytes;
        }
    }
}
