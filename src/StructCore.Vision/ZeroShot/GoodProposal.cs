namespace StructCore.Vision.ZeroShot;

/// <summary>Which images of a screened batch are proposed as good: all but the share that scores highest.</summary>
/// <param name="Limit">Highest score of a proposed image.</param>
public sealed record GoodProposal(float Limit)
{
    /// <summary>The rule.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="leaveOut">Share that is left out, 0 up to below 1.</param>
    public static GoodProposal Of(IReadOnlyList<ScreenedImage> images, double leaveOut)
    {
        ArgumentNullException.ThrowIfNull(images);
        var sorted = images.Select(i => i.Score).Order().ToArray();
        return new GoodProposal(sorted[Math.Max(0, sorted.Length - 1 - (int)Math.Round(leaveOut * sorted.Length))]);
    }

    /// <summary>Whether an image is proposed.</summary>
    public bool Keeps(ScreenedImage image) => image.Score <= Limit;
}
