using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Cameras;
using StructCore.Edge.Native.Aravis;

namespace StructCore.Tests.Cameras;

/// <summary>Lost packets, unplugged and silent cameras.</summary>
public sealed class GenICamFaultTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // One second by design; the rest is for a busy machine.
    private static readonly TimeSpan LongestUntilFailure = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Grab_LostPackets_GivesWholeFramesOnlyAndCountsTheRest()
    {
        const int grabs = 40;
        await using var fake = await FakeGigECamera.StartAsync(new FakeCameraOptions { Sensor = (48, 64), LostPerMille = 30 });
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options(new GenICamOptions { PacketSize = 300 }));
        var (whole, spoilt) = (0, 0);
        for (var i = 0; i < grabs; i++)
        {
            var result = await camera.GrabAsync(default);
            if (result.Frame is { } frame)
            {
                _ = FakeRamp.Number(frame.Image);
                whole++;
            }
            else
            {
                Assert.True(result.CameraWorks, result.Failure);
                Assert.Contains("sent an incomplete frame", result.Failure);
                spoilt++;
                Assert.Contains($"since it was opened {spoilt} frames were incomplete", result.Failure);
            }
        }

        // 14 packets a frame: about every third frame misses one.
        Assert.NotEqual(0, whole);
        Assert.NotEqual(0, spoilt);
        Assert.Null(camera.Failure);
        await camera.DisposeAsync();
        Assert.Equal((whole, spoilt), (camera.Counters.Frames, camera.Counters.IncompleteBuffers));
        Assert.InRange(camera.Counters.LostPackets, spoilt, 14 * spoilt);
    }

    [Fact]
    public async Task Failure_Unplugged_IsToldWithoutAGrabAndOpeningWorksOnceItIsBack()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options());
        await camera.FrameAsync();
        Assert.Null(camera.Failure);
        await fake.KillAsync();
        WaitForFailure(camera);
        Assert.Equal("Camera 'cam-1': '127.0.0.1' does not answer any more. Check its power and cable and the network; 'structcore camera list' shows what answers.", camera.Failure);
        Assert.False((await camera.GrabAsync(default)).CameraWorks);
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Contains("no GigE Vision camera answers at '127.0.0.1'", error.Message);

        await fake.StartAgainAsync();
        await camera.OpenAsync(default);
        Assert.Null(camera.Failure);
        await camera.FrameAsync();
        Assert.Equal(2, camera.Counters.Frames);
    }

    [Fact]
    public async Task Failure_RestartedUnnoticed_IsTold()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options());
        await fake.KillAsync();
        await fake.StartAgainAsync();
        WaitForFailure(camera);
        await WorksAgainAsync(camera);
    }

    [Fact]
    public async Task Grab_SilentCamera_EndsInTimeAndWorksOnceItAnswers()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options();
        options.GrabTimeoutMs = 500;
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        await camera.FrameAsync();
        fake.Suspend();
        var result = await camera.GrabAsync(default).WaitAsync(LongestUntilFailure);
        Assert.Null(result.Frame);
        Assert.False(result.CameraWorks);
        WaitForFailure(camera);

        fake.Resume();
        await WorksAgainAsync(camera);
    }

    [Fact]
    public async Task Open_CameraAnotherProgramHas_SaysSoAndLeavesItAlone()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var first = await GenICamTestCamera.OpenedAsync(fake.Options());
        await using var second = new GenICamCamera(fake.Options(), TimeProvider.System);
        var error = await Assert.ThrowsAsync<CameraException>(() => second.OpenAsync(default));
        Assert.Equal("Camera 'cam-1': '127.0.0.1' is in use by another program. End that program, or wait some seconds if it was killed.", error.Message);
        await first.FrameAsync();
    }

    [Fact]
    public async Task SharedCamera_UnpluggedAndBack_WorksAgainByItself()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options();
        await using var camera = new SharedCamera(new GenICamCamera(options, TimeProvider.System), options, TimeProvider.System, NullLogger<SharedCamera>.Instance);
        using var stop = new CancellationTokenSource();
        var running = camera.RunAsync(stop.Token);
        await UntilAsync(camera, c => c.Failure is null);
        Assert.NotNull((await camera.GrabAsync(0, default)).Frame);
        await fake.KillAsync();
        Assert.NotNull((await camera.GrabAsync(0, default)).Failure);
        await UntilAsync(camera, c => c.Failure is not null);
        await fake.StartAgainAsync();
        await UntilAsync(camera, c => c.Failure is null);
        Assert.NotNull((await camera.GrabAsync(0, default)).Frame);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static void WaitForFailure(GenICamCamera camera) =>
        Assert.True(SpinWait.SpinUntil(() => camera.Failure is not null, LongestUntilFailure), $"no failure told within {LongestUntilFailure}");

    /// <summary>Opens and asks as the agent does, again and again: a camera holds on to a program it believes alive, and catches up with what it was sent meanwhile.</summary>
    private static async Task WorksAgainAsync(GenICamCamera camera)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string? failure;
        do
        {
            failure = await OpenAndGrabAsync(camera);
        }
        while (failure is not null && TimeProvider.System.GetElapsedTime(begun) < Patience);

        Assert.Null(failure);
    }

    private static async Task<string?> OpenAndGrabAsync(GenICamCamera camera)
    {
        try
        {
            await camera.OpenAsync(default);
            return (await camera.GrabAsync(default)).Failure;
        }
        catch (CameraException e)
        {
            return e.Message;
        }
    }

    private static async Task UntilAsync(SharedCamera camera, Func<SharedCamera, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check()
        {
            if (condition(camera))
            {
                met.TrySetResult();
            }
        }

        camera.Changed += Check;
        Check();
        await met.Task.WaitAsync(Patience);
        camera.Changed -= Check;
    }
}
