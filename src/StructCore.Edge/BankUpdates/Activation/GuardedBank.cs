using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A bank on probation.</summary>
/// <param name="Kind">What put it there.</param>
/// <param name="Former">What decided before; null where nothing did, or it has to be read from its file.</param>
internal sealed record GuardedBank(UpdateKind Kind, SwapGuard Guard, ProductBank? Former);
