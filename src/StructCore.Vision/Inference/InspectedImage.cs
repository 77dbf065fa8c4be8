using System.Globalization;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>What became of one image: routed, judged by one bank; or why not. The bank is the recipe's, or else that of the category it is routed to.</summary>
/// <param name="Route">Where it belongs.</param>
/// <param name="Bank">The bank that judged it.</param>
/// <param name="Scored">What the bank says.</param>
/// <param name="Times">What the pass took.</param>
public sealed record InspectedImage(Route Route, ProductBank Bank, ScoredImage Scored, StageTimes Times)
{
    private const string FeaturesNotFinite = "features_not_finite: the backbone gave a value that is no number";

    /// <summary>Its features where they were asked for, which the caller disposes of; else null.</summary>
    public PatchFeatures? Features { get; init; }

    /// <summary>Whether it fits no category, and so not the bank it was routed to: what the bank says of it means nothing. Never where a recipe named the bank.</summary>
    public bool IsUnknown { get; private init; }

    /// <summary>Why its score means nothing, beginning with a code and a colon: <c>features_not_finite: …</c>, <c>unknown_product: …</c>; null where it is sound.</summary>
    public string? Failure { get; private init; }

    /// <summary>The same, having looked whether the image can be judged at all.</summary>
    /// <param name="isFinite">Whether all its features are numbers.</param>
    /// <param name="recipe">What named the bank; null: the route did.</param>
    internal InspectedImage Examine(bool isFinite, string? recipe)
    {
        if (!isFinite)
        {
            return this with { Failure = FeaturesNotFinite };
        }

        return recipe is not null || Bank.Knows(Route) ? this : this with
        {
            IsUnknown = true,
            Failure = string.Create(CultureInfo.InvariantCulture,
                $"unknown_product: nearest is '{Route.Category}', route distance {Route.Distances[Route.Category]:F4}, but its cover distance {Route.CoverDistances[Route.Category]:F4} is beyond the limit {Bank.CoverLimit:F4} of bank '{Bank.Manifest.Id}'"),
        };
    }
}
