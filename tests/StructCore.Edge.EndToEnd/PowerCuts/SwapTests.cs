using StructCore.Tests.Faults;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>Banks are swapped while the line runs at full speed.</summary>
[Collection(PowerCutCollection.Name)]
public sealed class SwapTests(FittedParts parts, Releases releases)
{
    private const int Swaps = 50;

    // On a machine that does other things beside, parts may have to wait; none may be refused for it.
    private const int DeadlineMs = 10_000;
    private const int Waiting = 200;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Banks_SwappedBackAndForthUnderLoad_EveryVerdictIsOfOneOfThem()
    {
        await using var station = await UpdatingStation.StartAsync(parts, releases.Station, parts.Sure, c =>
        {
            c["Updates"]!["BaseUrl"] = releases.Address;
            c["Updates"]!["ShadowInspections"] = 0;
            c["Updates"]!["GuardInspections"] = 0;
            c["Stations"]![0]!["QueueCapacity"] = Waiting;
        });
        var plc = station.Plc;
        await plc.PublishAsync($"bank/{Releases.Category}/desired", Releases.Desired(releases.Package(2)), retain: true);
        await plc.WaitAsync("update/state", s => s.GetProperty("stage").GetString() == "done");

        using var pulse = new PeriodicTimer(Pace);
        var sent = new List<SentTrigger>();
        var swapping = SwapAsync(plc);
        while (!swapping.IsCompleted)
        {
            await pulse.WaitForNextTickAsync();
            var trigger = new SentTrigger($"t{sent.Count}", TimeSpan.FromMilliseconds(DeadlineMs), ready: true);
            sent.Add(trigger);
            await plc.TriggerAsync(trigger.Id, $$""", "deadline_ms": {{DeadlineMs}}""");
            trigger.TakenAt = Plc.Now;
        }

        await swapping;
        Assert.True(await plc.UntilAsync(() => plc.All("results").Count >= sent.Count, Patience), $"{sent.Count - plc.All("results").Count} of {sent.Count} parts have no record.");
        Assert.Equal(0, await station.Agent.StopAsync());

        Assert.Equal(sent.Count, plc.All("ack").Count(a => a.GetProperty("status").GetString() == "accepted"));
        Assert.Equal(sent.Count, plc.All("verdict").Count);
        var audit = new Audit(plc, station.Line.StorePath);
        Assert.Equal(new FaultTally(Swaps, sent.Count, 0, 0, 0), audit.Count(Swaps, sent.Count, sent));
        Check(plc);
    }

    // Between two swaps at least two parts are judged, so that both banks get their turn.
    private static async Task SwapAsync(Plc plc)
    {
        for (var i = 0; i < Swaps; i++)
        {
            var answer = await plc.CommandAsync("rollback", $$"""{"category": "{{Releases.Category}}"}""");
            Assert.True(answer.GetProperty("status").GetString() == "done", $"{answer}");
            var judged = plc.All("verdict").Count;
            Assert.True(await plc.UntilAsync(() => plc.All("verdict").Count >= judged + 2, Patience), "The line stands still.");
        }
    }

    /// <summary>Bank, score and threshold of every record are those that this bank gives this very picture.</summary>
    private void Check(Plc plc)
    {
        string[] banks = [releases.Unsigned(1), releases.Package(2), Path.Combine(parts.Banks, $"blister-v1{BankFile.Extension}")];
        var deciders = banks.SelectMany(b => Directory.GetFiles(parts.Sure).Select(p => (Part: Path.GetFileName(p), Decider: releases.Decider(b, part: p)))).ToDictionary(d => (d.Decider.Id, d.Part), d => d.Decider);
        var verdicts = plc.All("verdict").ToDictionary(v => v.GetProperty("trigger_id").GetString()!);
        foreach (var result in plc.All("results"))
        {
            var picture = result.GetProperty("frame_id").GetString()![7..];
            var decider = deciders[(result.GetProperty("bank").GetProperty("id").GetString()!, picture)];
            Assert.True(decider.Gave(result) && decider.Gave(verdicts[result.GetProperty("trigger_id").GetString()!]), $"Not all of it is from {decider}: {result}");
        }

        int By(string id) => verdicts.Values.Count(v => v.GetProperty("bank").GetProperty("id").GetString() == id);
        Assert.True(By("flange-v1") >= Swaps / 4 && By("flange-v2") >= Swaps / 4, "One of the banks hardly ever decided.");
    }
}
