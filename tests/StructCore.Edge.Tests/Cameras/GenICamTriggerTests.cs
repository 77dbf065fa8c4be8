using StructCore.Edge.Cameras;

namespace StructCore.Tests.Cameras;

/// <summary>Which frame belongs to a call, and when it counts as captured.</summary>
public sealed class GenICamTriggerTests
{
    [Fact]
    public async Task Software_ManyTimes_GivesEveryExposureOnceAndInOrder()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options());
        var before = FakeRamp.Number((await camera.FrameAsync()).Image);
        for (var i = 0; i < 10; i++)
        {
            var (asked, stamp) = (TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
            var frame = await camera.FrameAsync();
            Assert.InRange(frame.CapturedAt, asked, TimeProvider.System.GetUtcNow());
            Assert.InRange(frame.Timestamp, stamp, TimeProvider.System.GetTimestamp());
            var number = FakeRamp.Number(frame.Image);
            Assert.Equal(1, (number - before + FakeRamp.Period) % FakeRamp.Period);
            before = number;
        }

        Assert.Equal(new CameraCounters(11, 0, 0), camera.Counters);
    }

    [Fact]
    public async Task Software_AfterAnAbandonedGrab_GivesItsOwnFrame()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options());
        fake.Suspend();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => camera.GrabAsync(impatient.Token));
        fake.Resume();

        var asked = TimeProvider.System.GetUtcNow();
        var frame = await camera.FrameAsync();
        Assert.InRange(frame.CapturedAt, asked, TimeProvider.System.GetUtcNow());
        _ = FakeRamp.Number(frame.Image);
    }

    [Fact]
    public async Task FreeRun_GivesExposuresThatBeganAfterTheCall()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options(new GenICamOptions { Trigger = "free_run" }));
        var before = FakeRamp.Number((await camera.FrameAsync()).Image);
        for (var i = 0; i < 5; i++)
        {
            var stamp = TimeProvider.System.GetTimestamp();
            var frame = await camera.FrameAsync();
            Assert.InRange(frame.Timestamp, stamp, TimeProvider.System.GetTimestamp());

            // More frames than buffers pass in between: none of those that filled the queue may come.
            var number = FakeRamp.Number(frame.Image);
            Assert.NotEqual(before, number);
            before = number;
        }
    }

    [Fact]
    public async Task Hardware_WithoutAnEdge_IsNotTheCamerasFault()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options(new GenICamOptions { Trigger = "hardware" });
        options.GrabTimeoutMs = 200;
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        var result = await camera.GrabAsync(default);
        Assert.Equal(
            GrabResult.Spoilt("Camera 'cam-1': '127.0.0.1' saw no edge at Line1 within 200 ms. Check the sensor, its wiring and GenICam:TriggerSource."),
            result);
        Assert.Null(camera.Failure);
    }

    [Fact]
    public async Task Hardware_Cancelled_ReturnsAtOnceAndCanBeAskedAgain()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options(new GenICamOptions { Trigger = "hardware" });
        options.GrabTimeoutMs = 60_000;
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        for (var i = 0; i < 2; i++)
        {
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => camera.GrabAsync(impatient.Token).WaitAsync(TimeSpan.FromSeconds(20)));
        }
    }
}
