using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Packages.OpenCvSharp;
using StructCore.Tests.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.OpenCvSharp;

public sealed class OpenCvSharpFileCameraTests : VideoFileCameraContract
{
    protected override IImageCodec Codec { get; } = new OpenCvSharpImageCodec();

    [Fact]
    public async Task Open_Pipeline_SaysThatThereIsNoGStreamer()
    {
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = "videotestsrc ! appsink" });
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Contains("OpenCvSharp4's OpenCV comes without GStreamer, the native adapters (-p:Adapters=native) have it", error.Message);
    }

    protected override ICamera Create(CameraOptions options) => new VideoCamera(options, OpenCvSharpCapture.Open, TimeProvider.System);
}
