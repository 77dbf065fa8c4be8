using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge;
using StructCore.Edge.Cameras;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Cameras;

/// <summary>A camera between its stations: what it gives out, when it counts as failed, how it comes back.</summary>
public sealed class SharedCameraTests : IAsyncDisposable
{
    private const int GrabTimeoutMs = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StalePause = TimeSpan.FromMilliseconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly LoopGroup _loops = new();
    private readonly List<CameraStatus> _told = [];
    private SharedCamera? _shared;

    public async ValueTask DisposeAsync()
    {
        await _loops.DisposeAsync();
        if (_shared is { } shared)
        {
            await shared.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_LiveCamera_WorksOnceItGaveAFrame()
    {
        var camera = Device();
        var frame = new TaskCompletionSource<GrabResult>();
        camera.Show(frame.Task);
        var shared = Start(camera);
        await camera.Begun.WaitAsync(Patience);

        Assert.Equal((CameraHealth.Failed, "not opened yet"), (shared.Status.State, shared.Failure));
        frame.SetResult(camera.Part(0, 0));
        await UntilAsync(CameraHealth.Works);
    }

    [Fact]
    public async Task Open_CameraThatOpensAndGivesNothing_IsNeverCalledWorking()
    {
        var camera = Device();
        camera.Show(GrabResult.Failed("silent"));
        camera.Show(GrabResult.Failed("silent"));
        camera.Show(GrabResult.Failed("silent at last"));
        var shared = Start(camera);
        await UntilAsync(s => s.Failure == "silent at last");

        lock (_told)
        {
            Assert.DoesNotContain(_told, s => s.State == CameraHealth.Works);
        }

        Assert.Equal("camera_failed: silent at last", (await GrabAsync()).Failure);
        await UntilAsync(CameraHealth.Works);
        Assert.Equal(0, shared.Counters.Reconnects);
    }

    [Fact]
    public async Task Open_CameraThatWaitsForAPulse_TakesNoFrameForNobody()
    {
        var camera = new FakeCamera("cam", _time) { IsLive = true };
        Start(camera);
        await UntilAsync(CameraHealth.Works);

        Assert.Equal(0, camera.Grabs);
    }

    [Fact]
    public async Task Watch_CameraDiesBetweenParts_FailsWithinTwoSecondsAndComesBack()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        var died = _time.GetUtcNow();
        camera.Failure = "cable out";
        camera.OpenFailure = "cable still out";
        await UntilAsync(CameraHealth.Failed);

        Assert.InRange(shared.Status.Since - died, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.StartsWith("camera_failed: cable ", (await GrabAsync()).Failure, StringComparison.Ordinal);
        await UntilAsync(s => s.Failure == "cable still out");
        (camera.Failure, camera.OpenFailure) = (null, null);
        await UntilAsync(CameraHealth.Works);
        Assert.Equal(1, shared.Counters.Reconnects);
        Assert.NotNull((await GrabAsync()).Frame);
    }

    [Fact]
    public async Task Grab_OneStaleFrame_IsTriedAgain()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.Show(camera.Part(0, 1));
        _time.Advance(TimeSpan.FromMilliseconds(20));

        var result = await GrabSteppedAsync();

        Assert.True(result.Frame!.Timestamp >= _time.GetTimestamp() - TimeSpan.FromMilliseconds(900).Ticks);
        Assert.Equal(0, result.Frame.Image.Pixels[1]);
        Assert.Equal(1, shared.Counters.Stale);
        Assert.Equal(CameraHealth.Works, shared.Status.State);
    }

    [Fact]
    public async Task Grab_OnlyStaleFrames_IsAnErrorAfterTheTimeLimitAndReopens()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        var old = camera.Part(0, 1);
        for (var i = 0; i < 1000; i++)
        {
            camera.Show(old);
        }

        _time.Advance(TimeSpan.FromMilliseconds(40));
        var asked = _time.GetTimestamp();
        var result = await GrabSteppedAsync();

        Assert.StartsWith("stale_frame: camera 'cam' gave frame 'cam-2', captured 40.0 ms before the trigger", result.Failure, StringComparison.Ordinal);
        Assert.InRange(_time.GetElapsedTime(asked), TimeSpan.FromMilliseconds(GrabTimeoutMs), TimeSpan.FromMilliseconds(2 * GrabTimeoutMs));
        Assert.InRange(shared.Counters.Stale, 2, 1000);
        Assert.StartsWith("stale_frame: ", shared.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grab_StaleFrameOfACameraThatWaitsForAPulse_IsNotTriedAgain()
    {
        // The next pulse belongs to the next part.
        var camera = new FakeCamera("cam", _time) { IsLive = true };
        Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.Show(camera.Part(0, 1));
        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.StartsWith("stale_frame: ", (await GrabAsync()).Failure, StringComparison.Ordinal);
        Assert.Equal(1, camera.Grabs);
    }

    [Fact]
    public async Task Grab_TheSamePictureTwice_IsFrozenUntilAnotherComes()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.Show([9, 9, 99]);
        Assert.NotNull((await GrabAsync()).Frame);
        for (var i = 0; i < 3; i++)
        {
            camera.Show([9, 9, 99]);
        }

        Assert.StartsWith("camera_frozen: camera 'cam' gave frame", (await GrabAsync()).Failure, StringComparison.Ordinal);
        Assert.StartsWith("camera_frozen: ", (await GrabAsync()).Failure, StringComparison.Ordinal);
        await UntilAsync(CameraHealth.Works);
        Assert.Equal((3, 1), (shared.Counters.Frozen, shared.Counters.Reconnects));
        Assert.NotNull((await GrabAsync()).Frame);
    }

    [Fact]
    public async Task Grab_BlackPicture_DegradesWithoutReopeningUntilLightIsBackThoughNobodyAsks()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.OpenFailure = "must not be opened again";
        camera.Show([0, 0, 1]);
        camera.Show([0, 0, 2]);

        var result = await GrabAsync();

        Assert.StartsWith("camera_black: camera 'cam' sees no light", result.Failure, StringComparison.Ordinal);
        Assert.True(result.CameraWorks);
        Assert.Equal(CameraHealth.Degraded, shared.Status.State);
        Assert.StartsWith("camera_black: ", shared.Failure, StringComparison.Ordinal);
        await UntilAsync(CameraHealth.Works);
        Assert.Equal((2, 0), (shared.Counters.Black, shared.Counters.Reconnects));
    }

    [Fact]
    public async Task Grab_BlackPictureOfAReplay_CostsNoOtherPictureToGetOver()
    {
        var camera = new FakeCamera("cam", _time);
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.Show([0, 0, 1]);
        await GrabAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((1, CameraHealth.Degraded), (camera.Grabs, shared.Status.State));
        Assert.NotNull((await GrabAsync()).Frame);
        Assert.Equal(CameraHealth.Works, shared.Status.State);
    }

    [Fact]
    public async Task Grab_SpoiltFrame_CostsThatPartOnly()
    {
        var camera = Device();
        var shared = Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.OpenFailure = "must not be opened again";
        camera.Show(GrabResult.Spoilt("3 packets lost"));

        Assert.Equal("frame_spoilt: 3 packets lost", (await GrabAsync()).Failure);
        Assert.Null(shared.Failure);
        Assert.NotNull((await GrabAsync()).Frame);
    }

    [Fact]
    public async Task Grab_SeveralStations_AreServedOneAtATimeInTheirOrder()
    {
        var camera = Device();
        Start(camera);
        await UntilAsync(CameraHealth.Works);
        await camera.Begun.WaitAsync(Patience);
        var shown = Enumerable.Range(0, 5).Select(_ => new TaskCompletionSource<GrabResult>()).ToArray();
        Array.ForEach(shown, s => camera.Show(s.Task));
        var waiting = Enumerable.Range(0, 5).Select(_ => GrabAsync()).ToArray();
        for (byte i = 0; i < 5; i++)
        {
            await camera.Begun.WaitAsync(Patience);
            Assert.Equal(0, camera.Begun.CurrentCount);
            shown[i].SetResult(camera.Part(0, i));
            Assert.Equal(i, (await waiting[i].WaitAsync(Patience)).Frame!.Image.Pixels[1]);
        }
    }

    [Fact]
    public async Task Grab_StationsInLineBehindAFailure_FailAtOnce()
    {
        var camera = Device();
        Start(camera);
        await UntilAsync(CameraHealth.Works);
        camera.OpenFailure = "cable out";
        var first = new TaskCompletionSource<GrabResult>();
        camera.Show(first.Task);
        var waiting = Enumerable.Range(0, 3).Select(_ => GrabAsync()).ToArray();
        var grabs = camera.Grabs;
        first.SetResult(GrabResult.Failed("no signal"));

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), r => Assert.StartsWith("camera_failed: ", r.Failure, StringComparison.Ordinal));
        Assert.Equal(grabs, camera.Grabs);
    }

    private FakeCamera Device() => new("cam", _time) { IsLive = true, CanProbe = true };

    private SharedCamera Start(FakeCamera camera)
    {
        var shared = _shared = new SharedCamera(camera, new CameraOptions { Id = camera.Id, GrabTimeoutMs = GrabTimeoutMs }, _time, NullLogger<SharedCamera>.Instance);
        shared.Changed += () =>
        {
            lock (_told)
            {
                _told.Add(shared.Status);
            }
        };
        _loops.Start(shared.RunAsync);
        return shared;
    }

    private Task<GrabResult> GrabAsync() => _shared!.GrabAsync(_time.GetTimestamp(), default);

    private Task UntilAsync(CameraHealth state) => UntilAsync(s => s.State == state);

    /// <summary>Lets time pass until the camera is like this.</summary>
    private async Task UntilAsync(Func<CameraStatus, bool> condition)
    {
        var reached = new TaskCompletionSource();
        void Look()
        {
            if (condition(_shared!.Status))
            {
                reached.TrySetResult();
            }
        }

        _shared!.Changed += Look;
        Look();
        await _time.AdvanceUntilAsync(reached.Task.WaitAsync(Patience), TimeSpan.FromMilliseconds(50));
        _shared.Changed -= Look;
    }

    /// <summary>A grab that finds stale frames: time passes only while it waits for the next try.</summary>
    private async Task<GrabResult> GrabSteppedAsync()
    {
        var pause = _time.WaitBegunAsync(StalePause);
        var grab = GrabAsync();
        while (await Task.WhenAny(pause, grab).WaitAsync(Patience) != grab)
        {
            pause = _time.WaitBegunAsync(StalePause);
            _time.Advance(StalePause);
        }

        return await grab;
    }
}
