using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Evidence;

/// <summary>An inspection whose images are not on the disk yet.</summary>
/// <param name="Frame">A share of its own, which goes back with it.</param>
internal sealed record WaitingEvidence(InspectionRecord Record, Frame Frame, Outcome Outcome)
{
    /// <summary>An accepted part, kept as a sample: the first to go where there is no room.</summary>
    public bool IsSample => Record.Verdict.Decision == Decision.Accept;

    /// <summary>Memory it holds: the frame, and the scores its map is drawn from.</summary>
    public long Bytes => ((long)Frame.Image.Height * Frame.Image.Width * RgbImage.Channels) + (sizeof(float) * (Outcome.Scored?.Patches.Values.Length ?? 0));
}
