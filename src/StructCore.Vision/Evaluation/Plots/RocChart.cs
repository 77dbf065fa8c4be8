using System.Globalization;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>ROC curves with their areas.</summary>
public static class RocChart
{
    /// <summary>Width of the image.</summary>
    public const int Width = 640;

    /// <summary>Height of the image.</summary>
    public const int Height = 660;

    private static readonly Rgb[] Colours = [Rgb.Blue, Rgb.Green, Rgb.Red];

    /// <summary>Draws up to three curves.</summary>
    /// <param name="title">Stands above; ASCII.</param>
    /// <param name="curves">Name, area and points of each; the last lies on top.</param>
    /// <returns>[660, 640, 3].</returns>
    /// <exception cref="ArgumentOutOfRangeException">No curve, or more than there are colours.</exception>
    public static RgbImage Draw(string title, IReadOnlyList<(string Name, double Auroc, IReadOnlyList<RocPoint> Points)> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentOutOfRangeException.ThrowIfZero(curves.Count, nameof(curves));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(curves.Count, Colours.Length, nameof(curves));
        var chart = new Chart(Width, Height, title, (0, 1, "false positive rate"), (0, 1, "true positive rate"));
        chart.Canvas.DashedLine(chart.At(0, 0), chart.At(1, 1), Rgb.Muted, 1, dash: 4);
        for (var i = 0; i < curves.Count; i++)
        {
            chart.Canvas.Polyline([.. curves[i].Points.Select(p => chart.At(p.FalsePositiveRate, p.TruePositiveRate))], Colours[i], 2.4f);
        }

        chart.LegendInside([.. curves.Select((c, i) => (string.Create(CultureInfo.InvariantCulture, $"{c.Name}, AUROC {100 * c.Auroc:F2} %"), Colours[i]))]);
        return chart.Canvas.ToImage();
    }
}
