namespace StructCore.Vision.ZeroShot;

/// <summary>
/// Which images of a screened batch are proposed as good: all but the share with the highest scores. A share, and no
/// outlier limit: with a weak backbone the scores of defects lie among those of good images instead of beyond them, and
/// a good image left out costs a bank little, a defect left in costs it the defects that look like it.
/// </summary>
/// <param name="Limit">Highest score of a proposed image.</param>
public sealed record GoodProposal(float Limit)
{
    /// <summary>The share that is left out where none is asked for.</summary>
    public const double StandardLeaveOut = 0.2;

    /// <summary>Ranks by the score before RsCIN, which ranked every batch measured better than the score after it.</summary>
    /// <param name="images">The batch, 1 or more.</param>
    /// <param name="leaveOut">Share that is left out, 0 to 1, rounded to whole images; one image at least is proposed, and images with the score of a proposed one are too.</param>
    /// <exception cref="ArgumentOutOfRangeException">No images, or a share outside its range.</exception>
    public static GoodProposal Of(IReadOnlyList<ScreenedImage> images, double leaveOut = StandardLeaveOut)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        ArgumentOutOfRangeException.ThrowIfNegative(leaveOut);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leaveOut, 1);
        var sorted = images.Select(i => i.Score).Order().ToArray();
        return new GoodProposal(sorted[Math.Max(0, sorted.Length - 1 - (int)Math.Round(leaveOut * sorted.Length))]);
    }

    /// <summary>Whether an image is proposed.</summary>
    public bool Keeps(ScreenedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Score <= Limit;
    }
}
