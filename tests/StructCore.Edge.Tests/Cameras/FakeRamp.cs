using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

/// <summary>The picture of Aravis' fake camera in Mono8 at 10 ms and no gain: a diagonal ramp that moves on by one with every frame.</summary>
internal static class FakeRamp
{
    public const int Period = 255;

    /// <summary>The frame's number, of which the camera shows the remainder by <see cref="Period"/>; fails where one pixel does not belong to it.</summary>
    public static int Number(RgbImage image)
    {
        var number = image.Pixels[0];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var expected = (byte)((number + x + y) % Period);
                var pixel = image.Row(y).Slice(x * RgbImage.Channels, RgbImage.Channels);
                if (pixel.ContainsAnyExcept(expected))
                {
                    Assert.Fail($"pixel x {x}, y {y} of frame {number} is {pixel[0]}, not {expected}");
                }
            }
        }

        return number;
    }
}
