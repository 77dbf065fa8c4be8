using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras.Video;

/// <summary>What every OpenCV must do with a video file: JPEG images one after the other, which is a Motion JPEG stream.</summary>
public abstract class VideoFileCameraContract : CameraContract
{
    private const int Frames = 5;

    protected abstract IImageCodec Codec { get; }

    protected override CameraOptions Working()
    {
        var path = Path.Combine(Folder, "video.mjpeg");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, Frames).SelectMany(i => Codec.EncodeJpeg(Numbered(i)))]);
        return new CameraOptions { Id = "cam-1", Kind = "opencv", Source = path, GrabTimeoutMs = 20_000 };
    }

    protected override CameraOptions Missing() => new() { Id = "cam-1", Kind = "opencv", Source = Path.Combine(Folder, "nowhere.avi") };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Grab_ToTheEnd_StartsAgainOnlyWithLoop(bool loop)
    {
        var options = Working();
        options.Loop = loop;
        await GoesThroughAllFrames(options);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Grab_NumberedSeriesOfImages_StartsAgainOnlyWithLoop(bool loop)
    {
        for (var i = 0; i < Frames; i++)
        {
            File.WriteAllBytes(Path.Combine(Folder, $"frame_{i:D3}.png"), Codec.EncodePng(Numbered(i)));
        }

        await GoesThroughAllFrames(new CameraOptions { Id = "cam-1", Source = Path.Combine(Folder, "frame_%03d.png"), Loop = loop, GrabTimeoutMs = 20_000 });
    }

    [Fact]
    public async Task Open_FileThatIsNoVideo_SaysWhatToCheck()
    {
        var path = Path.Combine(Folder, "notes.avi");
        File.WriteAllText(path, "not a video");
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = path });
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Equal($"Camera 'cam-1': '{path}' cannot be opened: no OpenCV backend opens it. Check the path, its permissions and that it is a video.", error.Message);
    }

    [Theory]
    [InlineData("87", "/dev/video87")]
    [InlineData("/dev/video88", "/dev/video88")]
    [InlineData("/dev/v4l/by-id/nothing", "/dev/v4l/by-id/nothing")]
    public async Task Open_MissingDevice_SaysWhatToCheck(string source, string device)
    {
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = source });
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.StartsWith($"Camera 'cam-1': '{device}' does not exist. Check the cable", error.Message);
    }

    private async Task GoesThroughAllFrames(CameraOptions options)
    {
        await using var camera = await Opened(options);
        for (var i = 0; i < Frames; i++)
        {
            Assert.Equal(i, Number((await camera.GrabAsync(default)).Frame!.Image));
        }

        var next = await camera.GrabAsync(default);
        if (options.Loop)
        {
            Assert.Equal(0, Number(next.Frame!.Image));
            return;
        }

        Assert.Contains("has no frame after its last one", next.Failure);
        Assert.Contains("has no frame after its last one", (await camera.GrabAsync(default)).Failure);
    }
}
