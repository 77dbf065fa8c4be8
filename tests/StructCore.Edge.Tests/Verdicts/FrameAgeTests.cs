using StructCore.Tests.Fakes;

namespace StructCore.Tests.Verdicts;

public sealed class FrameAgeTests
{
    /// <summary>The wall clock stands for nothing here: a frame's age is counted from its timestamp.</summary>
    [Fact]
    public async Task FrameAge_GoesFromCaptureToVerdict()
    {
        await using var station = await new StationHarness().StartAsync();
        var shown = new TaskCompletionSource<Edge.Cameras.GrabResult>();
        station.Camera.Show(shown.Task);
        station.Extractor.During = _ => station.Time.Advance(TimeSpan.FromMilliseconds(12));
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Time.Advance(TimeSpan.FromMilliseconds(100));
        var part = station.Camera.Part(FakeExtractor.Cap, 0);
        station.Time.Advance(TimeSpan.FromMilliseconds(30));
        shown.SetResult(part);

        var verdict = await station.VerdictAsync("a");

        Assert.Equal(42, verdict.GetProperty("frame_age_ms").GetDouble());
        Assert.Equal(42, (await station.ResultAsync("a")).GetProperty("frame_age_ms").GetDouble());
        Assert.Equal(42, Assert.Single(station.Store.Records).FrameAgeMs);
    }

    [Fact]
    public async Task FrameFromBeforeTheTrigger_IsAnErrorAndNeverScored()
    {
        await using var station = await new StationHarness().StartAsync();
        var old = station.Camera.Part(FakeExtractor.Cap, 0);
        station.Time.Advance(TimeSpan.FromMilliseconds(15));
        station.Camera.Show(old);
        station.Extractor.During = _ => Assert.Fail("scored");
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.StartsWith("stale_frame: camera 'left' gave frame 'left-1', captured 15.0 ms before", verdict.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.False(verdict.TryGetProperty("frame_age_ms", out _));
        Assert.Empty(station.Broker.Published("acquired"));
    }
}
