using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Inspection;

/// <summary>A wall clock that jumps an hour moves no deadline.</summary>
public sealed class ClockTests
{
    public static TheoryData<int> Hours => [-1, 1];

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Step_WhileGrabbing_ChangesNeitherTheVerdictNorWhenItIsDue(int hours)
    {
        await using var station = await new StationHarness().StartAsync();
        var frame = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(frame.Task);
        station.Trigger("a");
        await station.Camera.Begun.WaitAsync();
        station.Time.StepWallClock(TimeSpan.FromHours(hours));
        station.Time.Advance(TimeSpan.FromMilliseconds(1949));
        frame.SetResult(station.Camera.Part(FakeExtractor.Cap, 0));
        var result = await station.ResultAsync("a");

        Assert.Equal("ACCEPT", result.GetProperty("verdict").GetString());
        Assert.False(result.GetProperty("late").GetBoolean());
        Assert.InRange(result.GetProperty("timings_ms").GetProperty("total").GetDouble(), 1949, 1960);

        var never = new TaskCompletionSource<GrabResult>();
        station.Camera.Show(never.Task);
        station.Trigger("b");
        await station.Camera.Begun.WaitAsync();
        station.Time.StepWallClock(TimeSpan.FromHours(-hours));
        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        Assert.StartsWith("deadline_missed:", (await station.VerdictAsync("b")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_Back_RepeatedTriggerPastItsDeadlineComesOnResultsOnly()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Time.Advance(TimeSpan.FromSeconds(3));
        station.Time.StepWallClock(TimeSpan.FromHours(-1));
        station.Trigger("a");

        await station.Broker.WaitAsync("results", r => r.GetProperty("late").GetBoolean());
        Assert.Single(station.Broker.Published("verdict"));
    }

    [Fact]
    public async Task Step_Forward_RepeatedTriggerBeforeItsDeadlineGetsItsVerdictAgain()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Trigger("a");
        await station.ResultAsync("a");
        station.Time.StepWallClock(TimeSpan.FromHours(1));
        station.Trigger("a");

        await station.Broker.WaitAsync("verdict", count: 2);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Step_DuringAnOutage_QueuedTriggerIsAsOldAsItIs(int hours)
    {
        await using var station = await new StationHarness().StartAsync();
        station.Broker.Down = true;
        station.Broker.Drop();
        station.Trigger("old");
        station.Trigger("young", """, "deadline_ms": 60000 """);
        station.Time.StepWallClock(TimeSpan.FromHours(hours));
        station.Broker.Down = false;
        await station.AdvanceUntilAsync(station.NextStateAsync("ready"));

        Assert.StartsWith("deadline_missed:", (await station.ResultAsync("old")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("ACCEPT", (await station.VerdictAsync("young")).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Step_BackBetweenTwoAgents_LeftTriggerIsNotAnsweredOnVerdict()
    {
        var harness = new StationHarness();
        var received = harness.Time.GetUtcNow();
        Assert.True(harness.Store.TryAccept(new AcceptedTrigger(harness.Options.Name, "7", "\"a\"", null, null, null, received, received + TimeSpan.FromSeconds(2))));
        harness.Time.StepWallClock(TimeSpan.FromHours(-1));
        await using var station = await harness.StartAsync();

        Assert.True((await station.ResultAsync("a")).GetProperty("late").GetBoolean());
        await station.StopAsync();
        Assert.Empty(station.Broker.Published("verdict"));
    }
}
