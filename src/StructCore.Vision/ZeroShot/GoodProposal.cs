using StructCore.Vision.Calibration;

namespace StructCore.Vision.ZeroShot;

/// <summary>
/// Which images of a screened batch are proposed as good: those whose score is no outlier, by median and median absolute
/// deviation. Not a fixed share: where good images differ, as parts that lie at any angle do, the highest scores are rare
/// good views more often than defects, and a bank needs those most.
/// </summary>
/// <param name="Limit">Highest score of a proposed image.</param>
public sealed record GoodProposal(float Limit)
{
    /// <summary>Standard deviations above the median from which a score is an outlier: the modified z-score of Iglewicz and Hoaglin (1993).</summary>
    public const double OutlierDeviations = 3.5;

    /// <summary>Of a normal distribution, the standard deviation in median absolute deviations.</summary>
    private const double DeviationPerMedianDeviation = 1.4826;

    /// <summary>Ranks by the score before RsCIN, which ranked every batch measured better than the score after it.</summary>
    /// <param name="images">The batch, 1 or more.</param>
    /// <param name="leaveOut">Share with the highest scores to leave out, 0 to 1, rounded to whole images; one image at least is proposed, and images with the score of a proposed one are too. Null: the outliers.</param>
    /// <exception cref="ArgumentOutOfRangeException">No images, or a share outside its range.</exception>
    public static GoodProposal Of(IReadOnlyList<ScreenedImage> images, double? leaveOut = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        var sorted = images.Select(i => i.Score).Order().ToArray();
        if (leaveOut is not { } share)
        {
            var median = Quantile.Of(sorted.Select(s => (double)s), 0.5);
            var deviation = Quantile.Of(sorted.Select(s => Math.Abs(s - median)), 0.5);
            return new GoodProposal((float)(median + (OutlierDeviations * DeviationPerMedianDeviation * deviation)));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(share, nameof(leaveOut));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1, nameof(leaveOut));
        return new GoodProposal(sorted[Math.Max(0, sorted.Length - 1 - (int)Math.Round(share * sorted.Length))]);
    }

    /// <summary>Whether an image is proposed.</summary>
    public bool Keeps(ScreenedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Score <= Limit;
    }
}
