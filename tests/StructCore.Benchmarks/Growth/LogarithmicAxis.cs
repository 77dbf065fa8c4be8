namespace StructCore.Benchmarks.Growth;

/// <summary>Values from low to high on pixels, each factor as long as every other of its size.</summary>
internal sealed record LogarithmicAxis(double Low, double High, double LowPixel, double HighPixel)
{
    /// <summary>From the decade below the smallest of <paramref name="values"/> to the one above the largest.</summary>
    public static LogarithmicAxis OfDecades(IEnumerable<double> values, double lowPixel, double highPixel)
    {
        double[] all = [.. values];
        return new(Math.Pow(10, Math.Floor(Math.Log10(all.Min()))), Math.Pow(10, Math.Ceiling(Math.Log10(all.Max()))), lowPixel, highPixel);
    }

    public IEnumerable<double> Decades
    {
        get
        {
            for (var decade = Low; decade <= High * 1.001; decade *= 10)
            {
                yield return decade;
            }
        }
    }

    public double Pixel(double value) => LowPixel + (Math.Log(value / Low) / Math.Log(High / Low) * (HighPixel - LowPixel));
}
