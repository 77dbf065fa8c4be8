using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Verdicts;

/// <summary>What an inspection came to: the verdict, and what the bank saw where it came that far.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Scored">What the bank saw; null where there is no verdict of a bank.</param>
/// <param name="Bank">The bank that decided, or to which the image is nearest although it is of an unknown product.</param>
internal sealed record Outcome(Verdict Verdict, ScoredImage? Scored = null, ProductBank? Bank = null)
{
    /// <summary>What the bank saw it in, where somebody wants to look once the verdict is out; let go of with the inspection.</summary>
    public PatchFeatures? Features { get; init; }

    public static Outcome Error(string reason) => new(Verdict.Error(reason));
}
