using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Drift;

/// <summary>Good parts under a lamp that loses light, as one bank scores them.</summary>
internal sealed class LampAgeing
{
    private readonly ScoreCalibration _calibration;
    private readonly NormalScores[] _scores;

    /// <param name="bank">As it decides.</param>
    /// <param name="scorer">Scores with that bank.</param>
    /// <param name="codec">Reads the images.</param>
    /// <param name="images">Parts that the bank was not fitted from.</param>
    /// <param name="lights">Share of the light that is left, step by step; 1 is as it was.</param>
    public LampAgeing(ProductBank bank, HeldOutScorer scorer, IImageCodec codec, IReadOnlyList<string> images, IReadOnlyList<double> lights)
    {
        (_calibration, Lights) = (bank.Calibration, lights);
        _scores = [.. lights.Select(light => scorer.Score(images, path => Dim(codec.Load(path), light)))];
    }

    public IReadOnlyList<double> Lights { get; }

    public int Images => _scores[0].Count;

    /// <summary>Share of the parts that is rejected at a step.</summary>
    public double FalseRejects(int step) => _scores[step].Count(Rejects) / (double)Images;

    /// <summary>Shows these parts, one after the other, at these steps; the number of parts after which drift was suspected, null where it never was.</summary>
    public int? FirstAlarm(IEnumerable<(int Step, int Image)> parts, int window, double partsPerFalseAlarm)
    {
        var (monitor, shown) = (DriftMonitor.Of(_calibration, window, partsPerFalseAlarm)!, 0);
        foreach (var (step, image) in parts)
        {
            var part = _scores[step][image];
            shown++;
            if (!Rejects(part) && monitor.Add(_calibration.Score(part.Map.Maximum, part.Map.Structure).Hybrid, part.RouteDistance) && monitor.Reading!.Suspected)
            {
                return shown;
            }
        }

        return null;
    }

    private bool Rejects(NormalScore part) => _calibration.Rejects(_calibration.Score(part.Map.Maximum, part.Map.Structure));

    private static RgbImage Dim(RgbImage image, double light)
    {
        using (image)
        {
            var bright = image.Pixels;
            var dimmed = RgbImage.Rent(image.Height, image.Width, out var pixels);
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)Math.Round(bright[i] * light);
            }

            return dimmed;
        }
    }
}
