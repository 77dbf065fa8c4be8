using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Packages.OpenCvSharp;
using StructCore.Tests.Cameras;
using StructCore.Tests.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.OpenCvSharp;

public sealed class OpenCvSharpStreamCameraTests : VideoStreamCameraContract
{
    protected override IImageCodec Codec { get; } = new OpenCvSharpImageCodec();

    [Theory]
    [InlineData("rtsp://127.0.0.1:9/stream")]
    [InlineData("http://127.0.0.1:9/stream")]
    public async Task Open_AddressOnTheNetwork_SaysThatThereIsNone(string source)
    {
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = source });
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Contains("OpenCvSharp4's OpenCV for Linux reads nothing from the network", error.Message);
    }

    protected override ICamera Create(CameraOptions options) => new VideoCamera(options, OpenCvSharpCapture.Open, TimeProvider.System);

    protected override MjpegSource Serve(Func<int, byte[]> frame) => new MjpegPipe(frame);
}
