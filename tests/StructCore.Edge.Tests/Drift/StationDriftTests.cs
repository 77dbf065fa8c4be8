using StructCore.Edge.Drift;
using StructCore.Tests.Fakes;
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
    }
}
