using System.Globalization;
using System.Numerics;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>A histogram of the scores of good and defective images, with the threshold between them.</summary>
public static class ScoreHistogram
{
    /// <summary>Width of the image.</summary>
    public const int Width = 960;

    /// <summary>Height of the image.</summary>
    public const int Height = 540;

    private const int Bins = 48;

    /// <summary>Draws it.</summary>
    /// <param name="title">Stands above; ASCII.</param>
    /// <param name="good">Scores of good images; may be empty.</param>
    /// <param name="defective">Scores of defective images; may be empty.</param>
    /// <param name="threshold">Scores above it are rejected.</param>
    /// <returns>[540, 960, 3].</returns>
    /// <exception cref="ArgumentException">A score or the threshold is not finite.</exception>
    public static RgbImage Draw(string title, IReadOnlyList<float> good, IReadOnlyList<float> defective, float threshold)
    {
        ArgumentNullException.ThrowIfNull(good);
        ArgumentNullException.ThrowIfNull(defective);
        IReadOnlyList<float> all = [threshold, .. good, .. defective];
        foreach (var odd in all.Where(v => !float.IsFinite(v)))
        {
            throw new ArgumentException($"A histogram needs finite scores and threshold, got {odd}.", nameof(good));
        }

        double low = all.Min(), high = all.Max();
        var margin = high > low ? 0.02 * (high - low) : Math.Max(1, Math.Abs(low) / 2);
        (low, high) = (low - margin, high + margin);
        var (goodCounts, defectiveCounts) = (Count(good, low, high), Count(defective, low, high));
        var most = Math.Max(1, goodCounts.Concat(defectiveCounts).Max());
        var chart = new Chart(Width, Height, title, (low, high, "score"), (0, 1.08 * most, "images"), counts: true);
        Bars(chart, goodCounts, Rgb.Blue);
        Bars(chart, defectiveCounts, Rgb.Red);
        var top = chart.At(threshold, chart.Y.High);
        chart.Canvas.DashedLine(chart.At(threshold, 0), top, Rgb.Ink, 2);
        chart.Note(string.Create(CultureInfo.InvariantCulture, $"threshold {threshold:G4}"), top + new Vector2(0, 4));
        chart.LegendAbove(($"good ({good.Count})", Rgb.Blue), ($"defective ({defective.Count})", Rgb.Red));
        return chart.Canvas.ToImage();
    }

    private static int[] Count(IReadOnlyList<float> scores, double low, double high)
    {
        var counts = new int[Bins];
        foreach (var score in scores)
        {
            counts[Math.Min(Bins - 1, (int)((score - low) / (high - low) * Bins))]++;
        }

        return counts;
    }

    private static void Bars(Chart chart, int[] counts, Rgb colour)
    {
        for (var bin = 0; bin < Bins; bin++)
        {
            if (counts[bin] > 0)
            {
                var left = chart.X.Pixel(chart.X.Low + ((chart.X.High - chart.X.Low) * bin / Bins));
                var right = chart.X.Pixel(chart.X.Low + ((chart.X.High - chart.X.Low) * (bin + 1) / Bins));
                chart.Canvas.Rectangle(left + 0.75f, chart.Y.Pixel(counts[bin]), right - 0.75f, chart.Y.LowPixel, colour, 0.62f);
            }
        }
    }
}
