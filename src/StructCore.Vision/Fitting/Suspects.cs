using StructCore.Vision.Calibration;

namespace StructCore.Vision.Fitting;

/// <summary>
/// Which images of a set the others contradict: those whose score is no maximum of a map like the others'. The logarithm of the
/// scores is taken to follow a <see cref="GumbelDistribution"/>, fitted by quartiles; what counts is decided by <see cref="FalseDiscovery"/>.
/// </summary>
/// <param name="Images">The suspects, the most suspicious first.</param>
/// <param name="Level">The largest score of an image that is none, 0 where there is no such image: a map above it shows what is suspicious.</param>
public sealed record Suspects(IReadOnlyList<SuspectImage> Images, float Level)
{
    /// <summary>
    /// Of the images named, about this share is like the others. The distribution is an estimate: where the assumption holds and no image differs,
    /// one is named in 13 % of sets of 100 or 200 images, in 19 % of sets of 16 (simulated). Real scores have heavier or lighter tails than that.
    /// </summary>
    public const double FalseShare = 0.1;

    /// <summary>Fewer images than this cannot tell what is usual.</summary>
    public const int MinimumImages = Calibrator.AdvisedImages;

    /// <summary>Judges the images of one set.</summary>
    /// <param name="images">All of them; none is named where they are fewer than <see cref="MinimumImages"/>.</param>
    public static Suspects Among(IReadOnlyList<PeerScore> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        PeerScore[] ranked = [.. images.OrderByDescending(i => i.Score).ThenBy(i => i.Image)];
        if (ranked.Length < MinimumImages)
        {
            return new Suspects([], ranked.FirstOrDefault().Score);
        }

        var usual = GumbelDistribution.Fit([.. ranked.Select(LogScore)]);
        SuspectImage[] judged = [.. ranked.Select(i => new SuspectImage(i.Image, i.Score, usual.Beyond(LogScore(i))))];
        var limit = FalseDiscovery.Limit(judged.Select(s => s.PValue), FalseShare);
        var suspects = judged.TakeWhile(s => s.PValue <= limit).ToArray();
        return new Suspects(suspects, judged.Skip(suspects.Length).FirstOrDefault().Score);
    }

    // A score of 0 has no logarithm.
    private static double LogScore(PeerScore image) => Math.Log(Math.Max(image.Score, float.Epsilon));
}
