using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>An inspection whose verdict is out, as the shadow needs it.</summary>
/// <param name="Bank">The bank that decided.</param>
/// <param name="Features">A share of its own, which whoever takes it disposes of.</param>
internal sealed record SeenInspection(ProductBank Bank, PatchFeatures Features, ScoredImage Scored);
