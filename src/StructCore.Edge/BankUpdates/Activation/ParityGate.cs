using System.Globalization;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Inspection;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Scores the images a bank was signed with on this machine, before it decides about any part: the way from pixels to verdict is the same here, and fast enough.</summary>
internal sealed class ParityGate(SharedScorer scorer, StationOptions station)
{
    /// <summary>What this machine makes of a parity set's images.</summary>
    /// <param name="crops">As the backbone's crop has them: a full frame of that size goes to the network as it is.</param>
    public static IReadOnlyList<ParityCase> Measure(ProductBank bank, ImageScorer scorer, IEnumerable<RgbImage> crops) =>
        [.. crops.Select(c => CaseOf(scorer.Score(Image(bank, scorer.Backbone, c))))];

    /// <exception cref="UpdateRefusedException">Another result than expected, or too slow for the station; the message holds the numbers.</exception>
    public async Task<ParityReport> RunAsync(ProductBank candidate, ParitySet expected, IReadOnlyList<RgbImage> crops, CancellationToken cancellationToken)
    {
        RequireComplete(candidate, expected, crops);

        // The first pass compiles and allocates; a part meets the ones after it.
        await PassAsync(candidate, crops[0], cancellationToken);
        var (images, slowest, problems) = (new List<ParityImage>(), 0d, new List<string>());
        for (var i = 0; i < crops.Count; i++)
        {
            var (actual, ms) = await PassAsync(candidate, crops[i], cancellationToken);
            var image = Compare(expected.Cases[i], actual, candidate.Calibration.Threshold);
            images.Add(image);
            slowest = Math.Max(slowest, ms);
            if (!Agrees(image, expected, candidate.Calibration.Threshold))
            {
                problems.Add($"image {i + 1} of {crops.Count}: {Describe(image)}");
            }
        }

        if (problems.Count > 0)
        {
            throw new UpdateRefusedException(UpdateRefusal.ParityFailed, string.Create(CultureInfo.InvariantCulture,
                $"bank '{candidate.Manifest.Id}' does not give what it was signed with, by the threshold {candidate.Calibration.Threshold}, features within {expected.FeatureTolerance:G3} and score within {expected.ScoreTolerance:G3}: {string.Join("; ", problems)}. This machine or its Models:Provider computes differently: compare 'structcore doctor' here and where it was signed, or sign it with wider tolerances."));
        }

        return slowest <= station.PassMs
            ? new(images, Math.Round(slowest, 2), station.PassMs)
            : throw new UpdateRefusedException(UpdateRefusal.TooSlow, string.Create(CultureInfo.InvariantCulture,
                $"bank '{candidate.Manifest.Id}' ({candidate.Memory.Rows} rows) takes {slowest:F0} ms for a part on this machine without its camera, {station.PassMs:F0} ms are allowed, half of Stations:DeadlineMs less its margin. Fit it with a smaller coreset, or give this station a GPU (Models:Provider) or a longer deadline."));
    }

    private async Task<(ParityCase Case, double Ms)> PassAsync(ProductBank bank, RgbImage crop, CancellationToken cancellationToken)
    {
        // The wait for the stations' parts is not in the stages' time.
        var inspected = await scorer.ScoreAsync(Image(bank, scorer.Backbone, crop), left: null, cancellationToken);
        return (CaseOf(inspected), inspected.Times.Total.TotalMilliseconds);
    }

    private static ImageToScore Image(ProductBank bank, BackboneManifest backbone, RgbImage crop) =>
        new(crop, BankSet.Create([bank], backbone, FrameMode.FullFrame), bank.Manifest.Category, KeepFeatures: true);

    private static ParityCase CaseOf(InspectedImage inspected)
    {
        using var features = inspected.Features!;
        var sketch = FeatureSketch.Of(features);
        return new(sketch.Values, sketch.RootMeanSquare, inspected.Scored.Score.Hybrid, inspected.Scored.Rejected);
    }

    private static ParityImage Compare(ParityCase expected, ParityCase actual, float threshold) => new(
        FeatureSketch.Distance(new(expected.Features, expected.FeaturesRms), new(actual.Features, actual.FeaturesRms)),
        Relative(actual.Score, expected.Score, threshold),
        actual.Score,
        expected.Score,
        actual.Rejected,
        expected.Rejected);

    // What is no number fits nowhere.
    private static bool Agrees(ParityImage image, ParitySet expected, float threshold) =>
        image.FeatureDistance <= expected.FeatureTolerance
        && image.ScoreDistance <= expected.ScoreTolerance
        && (image.Rejected == image.ExpectedRejected || Relative(image.ExpectedScore, threshold, threshold) <= expected.ScoreTolerance);

    private static double Relative(double a, double b, double threshold) => a == b ? 0 : Math.Abs(a - b) / Math.Abs(threshold);

    private static string Describe(ParityImage image) => string.Create(CultureInfo.InvariantCulture,
        $"features {image.FeatureDistance:G3} apart, score {image.Score} instead of {image.ExpectedScore} ({image.ScoreDistance:G3} of the threshold), {Verdict(image.Rejected)} instead of {Verdict(image.ExpectedRejected)}");

    private static string Verdict(bool rejected) => rejected ? "REJECT" : "ACCEPT";

    private void RequireComplete(ProductBank candidate, ParitySet expected, IReadOnlyList<RgbImage> crops)
    {
        var side = scorer.Backbone.Crop;
        if (crops.Count == 0 || expected.Cases.Count != crops.Count || expected.Cases.Any(c => c.Features.Count != FeatureSketch.Size) || crops.Any(c => c.Height != side || c.Width != side))
        {
            throw new UpdateRefusedException(UpdateRefusal.Malformed,
                $"the parity set of bank '{candidate.Manifest.Id}' has {crops.Count} images and {expected.Cases.Count} results; one at least, one result of {FeatureSketch.Size} numbers for each, and images of {side} x {side} are expected. Sign the bank again.");
        }
    }
}
