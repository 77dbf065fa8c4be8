using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inspection;

/// <summary>Every accepted trigger gets exactly one verdict before its deadline, wherever the time runs out.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task Deadline_WhileGrabbing_IsAnErrorBeforeItAndTheFrameIsDropped()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();

        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        var verdict = await station.VerdictAsync("a");
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        await station.StopAsync();

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.StartsWith("deadline_missed:", verdict.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Single(station.Broker.Published("verdict"));
        Assert.Single(station.Store.Records);
        Assert.True(station.Store.Records[0].Delivered);
    }

    [Fact]
    public async Task Deadline_JustNotReached_DecidesNothing()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Time.Advance(TimeSpan.FromMilliseconds(1949));
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));

        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Deadline_InTheQueue_IsAnErrorAndNothingIsGrabbedForIt()
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a", """, "deadline_ms": 4000 """);
        await station.Camera.Begun.WaitAsync();
        station.Trigger("b", """, "deadline_ms": 500 """);
        await station.AckAsync("b", "accepted");
        station.Time.Advance(TimeSpan.FromMilliseconds(450));

        Assert.Equal("ERROR", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        Assert.Equal("ACCEPT", (await station.VerdictAsync("a")).GetProperty("verdict").GetString());
        await station.StopAsync();
        Assert.Equal(1, station.Camera.Grabs);
    }

    [Fact]
    public async Task Deadline_WhileExtracting_IsAnErrorAndTheLateWorkIsDropped()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using var station = await new StationHarness().StartAsync();
        station.Extractor.During = _ =>
        {
            begun.Release();
            go.Wait();
        };
        station.Trigger("a");
        await begun.WaitAsync();

        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        var verdict = await station.VerdictAsync("a");
        station.Extractor.During = null;
        go.Release();
        station.Trigger("b");
        await station.VerdictAsync("b");
        await station.StopAsync();

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.Equal(["ERROR", "ACCEPT"], station.Broker.Bodies("verdict").Select(v => v.GetProperty("verdict").GetString()));
    }

    [Fact]
    public async Task Deadline_InferenceThatWouldNotEnd_IsGivenUpAndTheNextPartIsJudged()
    {
        await using var station = await new StationHarness().StartAsync();
        using var begun = new SemaphoreSlim(0);
        station.Extractor.During = _ => begun.Release();
        station.Extractor.Endless = true;
        station.Trigger("a");
        await begun.WaitAsync();
        station.Extractor.Endless = false;
        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        Assert.StartsWith("deadline_missed:", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        station.Trigger("b");

        Assert.Equal("ACCEPT", (await station.VerdictAsync("b")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Deadline_WhileWaitingForTheScorer_IsAnErrorAndNothingIsScoredForIt()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using var station = await new StationHarness().StartAsync();
        var extractions = 0;
        station.Extractor.During = _ =>
        {
            Interlocked.Increment(ref extractions);
            begun.Release();
            go.Wait();
        };
        var other = station.Shared.Scorer.ScoreAsync(new ImageToScore(new RgbImage(1, 1, [0, 0, 0]), station.Station.Banks), left: null, CancellationToken.None);
        await begun.WaitAsync();
        station.Trigger("a");
        await station.Broker.WaitAsync("acquired");
        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        Assert.StartsWith("deadline_missed:", (await station.VerdictAsync("a")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        go.Release(2);
        await other;
        await station.StopAsync();

        Assert.Equal(1, extractions);
    }

    [Fact]
    public async Task Deadline_BrokerNeverAcknowledges_VerdictIsLateOnResults()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Stalled = true;
        station.Trigger("a");
        await station.VerdictAsync("a");
        station.Broker.Stalled = false;
        station.Time.Advance(TimeSpan.FromMilliseconds(2000));

        Assert.True((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
        Assert.False(station.Store.Records.Single().Delivered);
    }

    [Fact]
    public async Task Deadline_RacingWithTheVerdict_EveryTriggerHasExactlyOne()
    {
        await using var station = await new StationHarness().StartAsync();
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var id = $"t{i}";
            var frame = new TaskCompletionSource<GrabResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            station.Camera.Show(frame.Task);
            station.Trigger(id, """, "deadline_ms": 100 """);
            await station.Camera.Begun.WaitAsync();
            var grabbed = Task.Run(() => frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0)));
            var clock = Task.Run(() => station.Time.Advance(TimeSpan.FromMilliseconds(random.Next(2) * 50)));
            await Task.WhenAll(grabbed, clock);
            await station.VerdictAsync(id);
        }

        await station.StopAsync();
        Assert.Equal(200, station.Broker.Published("verdict").Count);
        Assert.Equal(200, station.Store.Records.Count);
        Assert.All(station.Broker.Bodies("verdict"), v => Assert.NotEqual("REJECT", v.GetProperty("verdict").GetString()));
    }
}
