using StructCore.Edge.Cameras;
using StructCore.Edge.Telemetry;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Telemetry;

public sealed class InstrumentsTests
{
    private const string Station = "station=plant/line/one";

    [Fact]
    public async Task Inspections_AreMeasured_ByStationCategoryDecisionAndReason()
    {
        await using var station = await new StationHarness().StartAsync();
        using var measured = new Measurements(station.Shared.Instruments);
        station.Camera.Show(station.Camera.Part(FakeExtractor.Cap, 20));
        station.Camera.Show(GrabResult.Spoilt("2 of 7 packets were lost: \"id\""));
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Trigger("b");
        await station.ResultAsync("b");
        station.Trigger("c", """, "recipe": "nut" """);
        await station.ResultAsync("c");
        await station.StopAsync();

        Assert.Equal([1], measured.Of($"structcore.verdicts{{{Station},category=cap,decision=reject,reason=above_threshold}}"));
        Assert.Equal([1], measured.Of($"structcore.verdicts{{{Station},category=none,decision=error,reason=frame_spoilt}}"));
        Assert.Single(measured.All, m => m.Name.StartsWith($"structcore.verdicts{{{Station},category=nut,", StringComparison.Ordinal));
        Assert.Equal(3, measured.Of($"structcore.inspection.duration{{{Station}}}").Count());
        Assert.Equal(4, Assert.Single(measured.Of($"structcore.inspection.score{{{Station},category=cap}}")), 5);
        Assert.Equal(4, Assert.Single(measured.Of($"structcore.inspection.score_ratio{{{Station},category=cap}}")), 5);
    }

    [Fact]
    public void Inspected_Timings_BecomeSecondsOfTheStagesThatWereReached()
    {
        using var instruments = new Instruments();
        using var measured = new Measurements(instruments);
        instruments.Inspected(Records.Accepted with { Delivered = true }, TimeSpan.FromMilliseconds(90));
        instruments.Inspected(Records.Failed, TimeSpan.FromMilliseconds(90));

        double[] Stage(string stage) => [.. measured.Of($"structcore.inspection.stage.duration{{station=s,stage={stage}}}").Select(s => Math.Round(s, 6))];
        Assert.Equal([0.001, 0.005], Stage("queue"));
        Assert.Equal([0.002], Stage("grab"));
        Assert.Equal([0.030], Stage("features"));
        Assert.Equal([0.004], Stage("score"));
        Assert.Equal([0.005], Stage("store"));
        Assert.Equal([0.010], Stage("publish"));
        Assert.Equal([0.080, 0.006], measured.Of("structcore.inspection.duration{station=s}").Select(s => Math.Round(s, 6)));
    }

    [Theory]
    [InlineData("within_threshold", "within_threshold")]
    [InlineData("camera_failed: camera 'left' gave no frame", "camera_failed")]
    [InlineData("../../x", "other")]
    [InlineData(": nothing before it", "other")]
    [InlineData("Part 4711 is late", "other")]
    [InlineData("a_code_that_is_so_long_that_it_can_be_none_of_ours", "other")]
    public void ReasonCode_IsWhatStandsBeforeTheColon_AndNothingElse(string reason, string code) => Assert.Equal(code, ReasonCode.Of(reason));

    [Fact]
    public async Task SelfCheck_Fails_IsCountedByItem()
    {
        await using var station = await new StationHarness().StartAsync();
        using var measured = new Measurements(station.Shared.Instruments);
        station.Camera.OpenFailure = "cable out";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");
        await station.VerdictAsync("a");
        var beats = station.Broker.Published("heartbeat").Count;
        station.Time.Advance(TimeSpan.FromMilliseconds(500));
        await station.Broker.WaitAsync("heartbeat", count: beats + 1);

        Assert.Contains($"structcore.self_check.failures{{{Station},item=camera}}", measured.All.Select(m => m.Name));
        Assert.DoesNotContain(measured.All, m => m.Name.Contains("item=store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Broker_ComesBack_IsAReconnect()
    {
        await using var station = await new StationHarness().StartAsync();
        using var measured = new Measurements(station.Shared.Instruments);
        Assert.Empty(measured.Of($"structcore.broker.reconnects{{{Station}}}"));
        station.Broker.Drop();
        await station.AdvanceUntilAsync(station.NextStateAsync("ready"));
        await station.StopAsync();

        Assert.Equal([1], measured.Of($"structcore.broker.reconnects{{{Station}}}"));
    }
}
