using System.Numerics.Tensors;

namespace StructCore.Vision.ZeroShot;

/// <summary>RsCIN (SPEC 10): an image's score becomes a mean over the images whose class tokens are most like its own.</summary>
internal static class ScoreRefinement
{
    private const float SmallestNorm = 1e-12f;

    /// <param name="scores">One per image.</param>
    /// <param name="classTokens">One per image, all of the same width, not normalised.</param>
    /// <param name="windows">Numbers of images to average over; the results are averaged.</param>
    /// <returns>One per image, 0 to 1.</returns>
    public static float[] Refine(ReadOnlySpan<float> scores, IReadOnlyList<float[]> classTokens, IReadOnlyList<int> windows)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(classTokens.Count, scores.Length);
        var scaled = Scaled(scores);
        float[][] units = [.. classTokens.Select(Unit)];
        var refined = new float[scores.Length];
        for (var image = 0; image < scores.Length; image++)
        {
            var alike = Array.ConvertAll(units, unit => TensorPrimitives.Dot<float>(units[image], unit));

            // OrderBy is stable: ties go to the lower index.
            int[] nearest = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => alike[i]).Take(windows.Max())];
            var sum = windows.Sum(window => Mean(nearest.AsSpan(0, Math.Min(window, nearest.Length)), alike, scaled));
            refined[image] = (float)(sum / windows.Count);
        }

        return refined;
    }

    private static double Mean(ReadOnlySpan<int> images, float[] weights, float[] scores)
    {
        double sum = 0, whole = 0;
        foreach (var image in images)
        {
            sum += (double)weights[image] * scores[image];
            whole += weights[image];
        }

        // Without a class token there is nothing to weigh by: the first is the lowest index, not the image itself.
        return whole == 0 ? scores[images[0]] : sum / whole;
    }

    private static float[] Scaled(ReadOnlySpan<float> scores)
    {
        var (low, high) = (TensorPrimitives.Min(scores), TensorPrimitives.Max(scores));
        var scaled = new float[scores.Length];
        if (high > low)
        {
            TensorPrimitives.Subtract(scores, low, scaled);
            TensorPrimitives.Divide(scaled, high - low, scaled);
        }

        return scaled;
    }

    private static float[] Unit(float[] token)
    {
        var unit = new float[token.Length];
        TensorPrimitives.Divide(token, Math.Max(TensorPrimitives.Norm<float>(token), SmallestNorm), unit);
        return unit;
    }
}
