using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Cameras;
using StructCore.Edge.Inspection;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inspection;

public sealed class ReadinessTests
{
    [Fact]
    public async Task Trigger_WhileTheAgentWarmsUp_IsAnsweredNotReady()
    {
        using var go = new SemaphoreSlim(0);
        var harness = new StationHarness();
        harness.Extractor.During = _ => go.Wait();
        await using var station = await harness.StartAsync("preoperational");
        station.Trigger("a");

        Assert.StartsWith("starting:", (await station.AckAsync("a", "not_ready")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        var ready = station.NextStateAsync("ready");
        station.Extractor.During = null;
        go.Release();
        await ready;
    }

    [Fact]
    public async Task Rehearsal_ScoresWithEveryBank()
    {
        var extractor = new FakeExtractor();
        var (sound, bank) = (extractor.Bank("cap", FakeExtractor.Cap), extractor.Bank("nut", FakeExtractor.Nut));
        var unusable = new ProductBank(bank.Manifest, new MemoryBank(3, [1, 0, 0], [0]), bank.Routing, bank.Sha256);
        var banks = BankSet.Create([sound, bank], extractor.Backbone);
        var pipeline = new InspectionPipeline(
            new Dictionary<string, SharedCamera>(), "", new SharedScorer(new HostScorer(extractor, TimeProvider.System), new ModelOptions(), TimeProvider.System), banks,
            new StationLink("s", TimeProvider.System, NullLogger<StationLink>.Instance), new Messages(new StationTopics("s", "l", "one")), TimeProvider.System);

        var rehearsal = await pipeline.RehearseAsync(banks, CancellationToken.None);
        Assert.Equal(["cap-v1", "nut-v1"], rehearsal.Banks.Select(b => b.Bank));
        Assert.Empty(rehearsal.Failures);
        await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RehearseAsync(BankSet.Create([sound, unusable], extractor.Backbone), CancellationToken.None));
    }

    [Fact]
    public async Task State_OfOneInspection_GoesFromReadyToExecutingAndBack()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.Broker.WaitAsync("state", s => s.GetProperty("state").GetString() == "executing");
        await station.VerdictAsync("a");
        await station.Broker.WaitAsync("state", _ => station.Broker.Bodies("state")[^1].GetProperty("state").GetString() == "ready");

        // A connection announces the state once more; only changes count here.
        var states = station.Broker.Bodies("state").Select(s => s.GetProperty("state").GetString()).SkipWhile(s => s != "ready").ToArray();
        Assert.Equal(["ready", "executing", "ready"], states.Where((s, i) => i == 0 || s != states[i - 1]));
        Assert.All(station.Broker.Published("state"), m => Assert.True(m.Retain));
    }
}
