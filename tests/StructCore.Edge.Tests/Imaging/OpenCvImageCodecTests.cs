using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class OpenCvImageCodecTests : ImageCodecContract
{
    protected override IImageCodec Create(long maxPixels, int maxBytes) => new OpenCvImageCodec(maxPixels, maxBytes);
}
