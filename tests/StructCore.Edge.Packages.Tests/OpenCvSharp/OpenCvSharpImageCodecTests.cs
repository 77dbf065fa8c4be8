using StructCore.Edge.Packages.OpenCvSharp;
using StructCore.Tests.Imaging;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.OpenCvSharp;

public sealed class OpenCvSharpImageCodecTests : ImageCodecContract
{
    protected override IImageCodec Create(long maxPixels, int maxBytes) => new OpenCvSharpImageCodec(maxPixels, maxBytes);
}
