using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Native.OpenCv;
using StructCore.Tests.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class OpenCvStreamCameraTests : VideoStreamCameraContract
{
    protected override IImageCodec Codec { get; } = new OpenCvImageCodec();

    protected override ICamera Create(CameraOptions options) => new VideoCamera(options, OpenCvCapture.Open, TimeProvider.System);

    protected override MjpegSource Serve(Func<int, byte[]> frame) => new MjpegServer(frame);
}
