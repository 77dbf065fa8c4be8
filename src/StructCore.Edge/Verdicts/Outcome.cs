using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Verdicts;

/// <summary>What an inspection came to: the verdict, and what the bank saw where it came that far.</summary>
internal sealed record Outcome(Verdict Verdict, ScoredImage? Scored = null, ProductBank? Bank = null)
{
    /// <summary>What the bank saw it in, where somebody wants to look once the verdict is out; let go of with the inspection.</summary>
    public PatchFeatures? Features { get; init; }

    public static Outcome Error(string reason) => new(Verdict.Error(reason));
}
