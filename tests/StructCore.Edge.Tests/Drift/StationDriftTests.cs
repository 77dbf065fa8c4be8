using StructCore.Edge.Drift;
using StructCore.Tests.Fakes;
using StructCore.Tests.Telemetry;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Drift;

public sealed class StationDriftTests
{
    private const int Window = 20;

    [Fact]
    public async Task Station_WhoseAcceptedPartsDrift_SaysSoOnTheBanksState()
    {
        await using var line = new StationHarness { Drift = new DriftOptions { Window = Window } };
        await line.StartAsync();
        line.Station.Banks = BankSet.Create([WatchedParts.Bank()], line.Extractor.Backbone);
        line.Shared.Instruments.Observe([line.Station]);
        Assert.Equal(["structcore.bank.drift{station=plant/line/one,category=cap} 0"], Measured(line));
        for (var i = 0; i < Window; i++)
        {
            // A score of 0.25, which is accepted, above all of the calibration's.
            line.Camera.Show(line.Camera.Part(FakeExtractor.Cap, 5));
            line.Trigger($"part-{i}");
            Assert.Equal("ACCEPT", (await line.VerdictAsync($"part-{i}")).GetProperty("verdict").GetString());
            await line.ResultAsync($"part-{i}");
        }

        var drift = (await line.Broker.WaitAsync("bank/cap/state", b => b.TryGetProperty("drift", out var d) && d.GetProperty("parts").GetInt32() > 0)).GetProperty("drift");
        Assert.Equal("suspected", drift.GetProperty("state").GetString());
        Assert.Equal(Window, drift.GetProperty("parts").GetInt32());
        Assert.Equal(1, drift.GetProperty("score").GetProperty("above").GetDouble());
        Assert.InRange(drift.GetProperty("score").GetProperty("p_value").GetDouble(), 0, 1e-6);
        Assert.Equal(line.Time.GetUtcNow(), drift.GetProperty("since").GetDateTimeOffset());
        Assert.Equal(("cap", DriftState.Suspected), line.Station.Drifts.Select(d => (d.Category, d.Drift.State)).Single());
        Assert.Equal(
            [
                "structcore.bank.drift.above{station=plant/line/one,category=cap,kind=route_distance} 0.0125",
                "structcore.bank.drift.above{station=plant/line/one,category=cap,kind=score} 1",
                "structcore.bank.drift{station=plant/line/one,category=cap} 1",
            ],
            Measured(line));
    }

    private static string[] Measured(StationHarness line)
    {
        using var measured = new Measurements(line.Shared.Instruments);
        measured.Collect();
        return [.. measured.All.Where(m => m.Name.StartsWith("structcore.bank.drift", StringComparison.Ordinal)).Select(m => FormattableString.Invariant($"{m.Name} {m.Value}")).Order(StringComparer.Ordinal)];
    }
}
