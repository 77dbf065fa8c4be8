using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Finds the category of an image by its patches (SPEC 5).</summary>
public static class BankRouter
{
    /// <summary>route(c) = mean over patches of min over prototypes of the squared L2 distance, for every bank; the category is its argmin.</summary>
    /// <exception cref="ArgumentException">No bank, or a bank of another width.</exception>
    public static Route Route(PatchFeatures features, IReadOnlyList<RoutingBank> banks) => throw new NotSupportedException();
}
