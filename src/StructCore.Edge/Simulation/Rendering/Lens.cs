using System.Numerics;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>Turns light into an 8-bit image: slight defocus, sensor noise, gamma.</summary>
internal static class Lens
{
    /// <summary>Pixels a change in the light can reach through the defocus.</summary>
    public const int Reach = 2;

    public static RgbImage Expose(Vector3[] light, int side, RandomStream random)
    {
        var sigma = random.Between(0.6f, 0.72f);
        var kernel = Enumerable.Range(-Reach, (2 * Reach) + 1).Select(i => MathF.Exp(-i * i / (2 * sigma * sigma))).ToArray();
        var sum = kernel.Sum();
        Array.ForEach(Enumerable.Range(0, kernel.Length).ToArray(), i => kernel[i] /= sum);
        var blurred = Blur(Blur(light, side, kernel, 1), side, kernel, side);

        var pixels = new byte[side * side * RgbImage.Channels];
        for (var i = 0; i < blurred.Length; i++)
        {
            for (var c = 0; c < RgbImage.Channels; c++)
            {
                // A root for gamma also makes the noise of counted quanta even; what is too bright clips softly.
                var value = blurred[i][c];
                value = value < 0.8f ? value : 1 - (0.2f * MathF.Exp((0.8f - value) / 0.2f));
                var level = 255 * MathF.Sqrt(MathF.Max(0, value));
                pixels[(i * RgbImage.Channels) + c] = (byte)Math.Clamp(level + (1.1f * random.Gaussian()) + 0.5f, 0, 255);
            }
        }

        return new RgbImage(side, side, pixels);
    }

    private static Vector3[] Blur(Vector3[] light, int side, float[] kernel, int stride)
    {
        var result = new Vector3[light.Length];
        for (var i = 0; i < light.Length; i++)
        {
            var at = i / stride % side;
            for (var k = -Reach; k <= Reach; k++)
            {
                var tap = Math.Clamp(at + k, 0, side - 1);
                result[i] += light[i + ((tap - at) * stride)] * kernel[k + Reach];
            }
        }

        return result;
    }
}
