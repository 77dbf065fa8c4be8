using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inspection;

/// <summary>Whatever breaks, the part gets an ERROR, never an ACCEPT, and the station says what is wrong.</summary>
public sealed class FailureTests
{
    private static readonly Func<System.Text.Json.JsonElement, bool> InError = s => s.GetProperty("state").GetString() == "error";

    [Fact]
    public async Task Camera_GivesNoFrame_PartIsAnErrorAndTheFaultEndsWhenAGrabWorksAgain()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.OpenFailure = "cable out";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");
        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.Equal("camera_failed: no signal", verdict.GetProperty("reason").GetString());
        var fault = await station.Broker.WaitAsync("state", s => InError(s) && s.GetProperty("faults")[0].GetProperty("text").GetString() == "cable out");
        Assert.Equal("camera_failed", fault.GetProperty("faults")[0].GetProperty("name").GetString());

        station.Trigger("b");
        Assert.Equal("camera_failed: cable out", (await station.VerdictAsync("b")).GetProperty("reason").GetString());

        var ready = station.NextStateAsync("ready");
        station.Camera.OpenFailure = null;
        await station.AdvanceUntilAsync(ready);
        station.Trigger("c");
        Assert.Equal("ACCEPT", (await station.VerdictAsync("c")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Camera_NotThereAtStart_StationRunsInErrorUntilItIs()
    {
        var harness = new StationHarness();
        harness.Camera.OpenFailure = "no such device";
        await using var station = await harness.StartAsync("error");
        await station.Broker.WaitAsync("state", s => s.GetProperty("faults").ToString().Contains("no such device", StringComparison.Ordinal));
        station.Trigger("a");
        Assert.Equal("camera_failed: no such device", (await station.VerdictAsync("a")).GetProperty("reason").GetString());

        station.Camera.OpenFailure = null;

        await station.AdvanceUntilAsync(station.NextStateAsync("ready"));
    }

    [Fact]
    public async Task Camera_Hangs_IsAFaultOnceItsOwnLimitIsOver()
    {
        await using var station = await new StationHarness().StartAsync();
        var never = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(never.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        Assert.StartsWith("deadline_missed", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);

        station.Time.Advance(TimeSpan.FromSeconds(8));

        await station.Broker.WaitAsync("state", s => InError(s) && s.GetProperty("faults")[0].GetProperty("text").GetString() == "no frame from camera 'left' within 8000 ms");
    }

    [Fact]
    public async Task Features_NotANumber_AreAnError()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Cap, FakeExtractor.Broken));
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.StartsWith("features_not_finite:", verdict.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(verdict.TryGetProperty("score", out _));
    }

    [Fact]
    public async Task Score_NotANumber_IsAnError()
    {
        await using var station = await new StationHarness().StartAsync();
        var bank = station.Extractor.Bank("cap", FakeExtractor.Cap, version: 2, lambda: float.NaN);
        station.Station.Banks = BankSet.Create([bank], station.Extractor.Backbone);
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.StartsWith("score_not_finite:", verdict.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extractor_Throws_PartIsAnErrorAndTheNextOneIsJudged()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Extractor.During = _ => throw new InvalidOperationException("out of memory on the device");
        station.Trigger("a");
        Assert.StartsWith("internal_error: InvalidOperationException", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);

        station.Extractor.During = null;
        station.Trigger("b");

        Assert.Equal("ACCEPT", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Banks_SwappedDuringAnInspection_DoNotReachIt()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Extractor.During = _ => station.Station.Banks = BankSet.Create([station.Extractor.Bank("cap", FakeExtractor.Cap, version: 2)], station.Extractor.Backbone);
        station.Trigger("a");
        Assert.Equal(1, (await station.VerdictAsync("a")).GetProperty("bank").GetProperty("version").GetInt32());
        station.Trigger("b");
        Assert.Equal(2, (await station.VerdictAsync("b")).GetProperty("bank").GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Store_FailsWhenTheVerdictIsThere_PartIsAnErrorAndTheRecordFollows()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");
        station.Extractor.During = _ => station.Store.Failure = "disk full";
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");
        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.StartsWith("store_failed:", verdict.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await error;
        station.Trigger("b");
        Assert.Equal("store_failed: disk full", (await station.AckAsync("b", "not_ready")).GetProperty("reason").GetString());

        station.Extractor.During = null;
        station.Store.Failure = null;
        var ready = station.NextStateAsync("ready");
        await station.AdvanceUntilAsync(ready);
        station.Trigger("c");
        Assert.Equal("ACCEPT", (await station.VerdictAsync("c")).GetProperty("verdict").GetString());
        Assert.Equal("ERROR", (await station.ResultAsync("a")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Store_FailsAtAcceptance_IsAnsweredNotReady()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");
        station.Store.Failure = "disk full";
        station.Trigger("a");

        await station.AckAsync("a", "not_ready");
        await error;

        Assert.Equal(0, station.Camera.Grabs);
    }
}
