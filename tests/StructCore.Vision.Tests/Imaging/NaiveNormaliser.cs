using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

/// <summary>The twin of the normalisation: SPEC 1's arithmetic, one value at a time.</summary>
internal static class NaiveNormaliser
{
    /// <summary>[3, height, width].</summary>
    public static float[] Normalise(RgbImage crop, IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        var (plane, values) = (crop.Height * crop.Width, new float[crop.Pixels.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            var channel = i % RgbImage.Channels;
            values[(channel * plane) + (i / RgbImage.Channels)] = ((crop.Pixels[i] / 255f) - mean[channel]) / std[channel];
        }

        return values;
    }
}
