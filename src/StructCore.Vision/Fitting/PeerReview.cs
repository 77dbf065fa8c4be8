using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>Which of the images a bank was fitted from the others contradict, and where. A defect among them is in the bank, since its coreset prefers what is rare.</summary>
/// <param name="codec">Reads the images.</param>
/// <param name="extractor">The backbone the bank was fitted with; stays the caller's.</param>
/// <param name="bank">A bank that was just fitted.</param>
/// <param name="images">The files it was fitted from, in the same order.</param>
public sealed class PeerReview(IImageCodec codec, IFeatureExtractor extractor, ProductBank bank, IReadOnlyList<string> images)
{
    /// <summary>Judges every image by what its calibration came to, where that scored it against a bank without it; else by the bank without the image's rows.</summary>
    /// <exception cref="InvalidImageException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public Suspects Suspects(CancellationToken cancellationToken = default)
    {
        var calibration = bank.Calibration;
        var seen = calibration.Method is CalibrationMethod.Paper or CalibrationMethod.HeldOut;
        return Fitting.Suspects.Among(!seen && calibration.Normal is { } normal && normal.Count == images.Count
            ? [.. normal.Select((score, image) => new PeerScore(image, score.Map.Maximum))]
            : [.. ManyImages.Select(Enumerable.Range(0, images.Count), image => (image, Score: Score(image, cancellationToken)), cancellationToken)
                .Where(i => i.Score is not null).Select(i => new PeerScore(i.image, i.Score!.Value.Map.Maximum))]);
    }

    /// <summary>Score of each patch of an image against the bank without the image's rows; null where the bank has no others.</summary>
    /// <param name="image">Its index.</param>
    /// <param name="cancellationToken">Ends a wait for a pass.</param>
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    public PatchScores? Patches(int image, CancellationToken cancellationToken = default) => Score(image, cancellationToken)?.Patches;

    private (PatchScores Patches, MapStatistics Map)? Score(int image, CancellationToken cancellationToken)
    {
        using var frame = codec.Load(images[image]);
        using var features = extractor.Extract(frame, bank.Manifest.Frame, cancellationToken);
        return bank.ScoreWithout(image, features);
    }
}
