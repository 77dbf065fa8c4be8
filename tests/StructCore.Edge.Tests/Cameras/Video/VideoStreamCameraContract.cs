using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras.Video;

/// <summary>What every OpenCV must do with a live source: a camera that never stops.</summary>
public abstract class VideoStreamCameraContract : CameraContract
{
    private const int Numbers = 1 << 12;

    private MjpegSource _server = null!;

    protected abstract IImageCodec Codec { get; }

    protected override bool IsRepeatable => false;

    protected override CameraOptions Working()
    {
        _server.Start();
        return new CameraOptions { Id = "cam-1", Kind = "opencv", Source = _server.Address, GrabTimeoutMs = 5000 };
    }

    protected override CameraOptions Missing() => new() { Id = "cam-1", Kind = "opencv", Source = "http://127.0.0.1:9/stream" };

    /// <summary>Without reading on between two grabs the server would stand still, and the second frame would be the one after the first.</summary>
    [Fact]
    public async Task Grab_AfterAPause_GivesANewFrame()
    {
        await using var camera = await Opened(Working());
        var first = Number((await camera.GrabAsync(default)).Frame!.Image);
        await _server.AfterAsync(300).WaitAsync(TimeSpan.FromSeconds(60));
        var second = Number((await camera.GrabAsync(default)).Frame!.Image);
        Assert.InRange((second - first + Numbers) % Numbers, 200, Numbers - 1);
    }

    [Fact]
    public async Task Grab_FromACameraThatStalls_FailsInTime()
    {
        var options = Working();
        options.GrabTimeoutMs = 500;
        await using var camera = await Opened(options);
        Assert.NotNull((await camera.GrabAsync(default)).Frame);
        await _server.StallAsync();

        // The frames still under way may be used up first.
        GrabResult result;
        long begun;
        do
        {
            begun = TimeProvider.System.GetTimestamp();
            result = await camera.GrabAsync(default);
        }
        while (result.Failure is null);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.StartsWith($"Camera 'cam-1': '{options.Source}' ", result.Failure);
        Assert.Contains("Check the address", result.Failure);
    }

    [Fact]
    public async Task Failure_CameraThatStallsOrEnds_IsToldThoughNobodyAsksAndOpeningMendsIt()
    {
        await using var camera = await Opened(Working());
        Assert.Null(camera.Failure);
        await _server.StallAsync();
        var stalled = TimeProvider.System.GetTimestamp();

        Assert.True(SpinWait.SpinUntil(() => camera.Failure is not null, TimeSpan.FromSeconds(30)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(stalled), TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.Contains("has given no frame for 1500 ms", camera.Failure);
        _server.Resume();
        await camera.OpenAsync(default);
        Assert.Null(camera.Failure);
        Assert.NotNull((await camera.GrabAsync(default)).Frame);
        await _server.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => camera.Failure is not null, TimeSpan.FromSeconds(30)));
    }

    /// <summary>Nor the frame that the decoder holds back, nor the one whose reading had begun.</summary>
    [Fact]
    public async Task Grab_FromASlowCamera_GivesNoFrameDrawnBeforeTheRequest()
    {
        var drawn = 0;
        // Not disposed: a last tick of the clock may still come.
        var shutter = new SemaphoreSlim(0);
        using var clock = new Timer(_ => shutter.Release(), null, 0, 20);
        await using var server = Serve(n =>
        {
            shutter.Wait(TimeSpan.FromSeconds(5));
            Volatile.Write(ref drawn, n);
            return Codec.EncodeJpeg(Numbered(n % Numbers));
        });
        server.Start();
        await using var camera = await Opened(new CameraOptions { Id = "cam-1", Kind = "opencv", Source = server.Address, GrabTimeoutMs = 20_000 });
        clock.Change(Timeout.Infinite, Timeout.Infinite);

        // Everything drawn is read when nothing has come for that long.
        Assert.True(SpinWait.SpinUntil(() => camera.Failure is not null, TimeSpan.FromSeconds(30)));
        var last = Volatile.Read(ref drawn);
        var grab = camera.GrabAsync(default);
        clock.Change(0, 20);

        Assert.InRange(Number((await grab).Frame!.Image), last + 2, Numbers - 1);
    }

    [Fact]
    public async Task Grab_PictureThatStands_SaysThatItRepeats()
    {
        await using var server = Serve(_ => Codec.EncodeJpeg(Numbered(77)));
        server.Start();
        await using var camera = await Opened(new CameraOptions { Id = "cam-1", Kind = "opencv", Source = server.Address, GrabTimeoutMs = 20_000 });

        Assert.True((await camera.GrabAsync(default)).Frame!.Repeats);
    }

    [Fact]
    public async Task Grab_Latency_MakesFramesOlderByIt()
    {
        var options = Working();
        options.LatencyMs = 300;
        await using var camera = await Opened(options);
        var asked = TimeProvider.System.GetTimestamp();
        var frame = (await camera.GrabAsync(default)).Frame!;

        Assert.True(frame.Timestamp >= asked);
        Assert.InRange(TimeProvider.System.GetElapsedTime(frame.Timestamp), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(20));
        Assert.InRange(TimeProvider.System.GetUtcNow() - frame.CapturedAt, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(20));
    }

    public override ValueTask InitializeAsync()
    {
        _server = Serve(Heavy);
        return base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A source, not started, that this OpenCV can read.</summary>
    protected abstract MjpegSource Serve(Func<int, byte[]> frame);

    /// <summary>A numbered frame with 256 KiB of comments, so that buffers under way hold few of them.</summary>
    private byte[] Heavy(int index)
    {
        var jpeg = Codec.EncodeJpeg(Numbered(index % Numbers));
        byte[] comment = [0xFF, 0xFE, 0xFF, 0xFF, .. new byte[0xFFFD]];
        return [.. jpeg[..2], .. comment, .. comment, .. comment, .. comment, .. jpeg[2..]];
    }
}
