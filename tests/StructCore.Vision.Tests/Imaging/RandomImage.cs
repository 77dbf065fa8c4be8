using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

internal static class RandomImage
{
    public static RgbImage Of(int height, int width, int seed = 1)
    {
        var pixels = new byte[height * width * RgbImage.Channels];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }
}
