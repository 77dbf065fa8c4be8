namespace StructCore.Tests.ZeroShot;

/// <summary>The plain twin of the pair kernel: for each row of a the squared distance to the nearest row of b.</summary>
internal static class NaivePair
{
    /// <param name="a">[patches, width]</param>
    /// <param name="b">[patches, width]</param>
    /// <param name="width">Width of a row.</param>
    /// <returns>[patches]</returns>
    public static float[] Nearest(float[] a, float[] b, int width)
    {
        var nearest = new float[a.Length / width];
        for (var row = 0; row < nearest.Length; row++)
        {
            nearest[row] = float.PositiveInfinity;
            for (var other = 0; other < b.Length; other += width)
            {
                var sum = 0f;
                for (var d = 0; d < width; d++)
                {
                    var difference = a[(row * width) + d] - b[other + d];
                    sum += difference * difference;
                }

                nearest[row] = Math.Min(nearest[row], sum);
            }
        }

        return nearest;
    }
}
