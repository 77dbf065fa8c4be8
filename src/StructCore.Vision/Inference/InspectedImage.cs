using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>What became of one image: routed, judged by one bank; or why not.</summary>
/// <param name="Route">Where it belongs.</param>
/// <param name="Bank">The bank that judged it.</param>
/// <param name="Scored">What the bank says.</param>
/// <param name="Times">What the pass took.</param>
public sealed record InspectedImage(Route Route, ProductBank Bank, ScoredImage Scored, StageTimes Times)
{
    internal const string FeaturesNotFinite = "features_not_finite: the backbone gave a value that is no number";

    /// <summary>Its features where they were asked for, which the caller disposes of; else null.</summary>
    public PatchFeatures? Features { get; init; }

    /// <summary>Why its score means nothing, beginning with a code and a colon: <c>features_not_finite: …</c>; null where it is sound.</summary>
    public string? Failure { get; init; }
}
