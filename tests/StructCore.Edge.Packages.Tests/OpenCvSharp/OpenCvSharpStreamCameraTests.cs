using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Packages.OpenCvSharp;
using StructCore.Tests.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.OpenCvSharp;

public sealed class OpenCvSharpStreamCameraTests : VideoStreamCameraContract
{
    protected override IImageCodec Codec { get; } = new OpenCvSharpImageCodec();

    protected override ICamera Create(CameraOptions options) => new VideoCamera(options, OpenCvSharpCapture.Open, TimeProvider.System);
}
