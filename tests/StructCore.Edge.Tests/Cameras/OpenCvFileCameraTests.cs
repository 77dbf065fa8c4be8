using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Native.OpenCv;
using StructCore.Tests.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class OpenCvFileCameraTests : VideoFileCameraContract
{
    protected override IImageCodec Codec { get; } = new OpenCvImageCodec();

    [Fact]
    public async Task Open_PipelineThatIsNone_SaysWhatToCheck()
    {
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = "nosuchelement ! appsink" });
        Assert.Contains("gst-launch-1.0", (await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default))).Message);
    }

    protected override ICamera Create(CameraOptions options) => new VideoCamera(options, OpenCvCapture.Open, TimeProvider.System);
}
