using System.Runtime.Intrinsics.X86;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

/// <summary>Every kind of bound that this processor can compute.</summary>
internal static class BoundsKinds
{
    public static TheoryData<string> Names => AvxVnni.IsSupported ? [nameof(FloatBounds), nameof(QuantisedBounds)] : [nameof(FloatBounds)];

    public static DistanceBounds Of(string kind, ReadOnlySpan<float> rows, int width) =>
        kind == nameof(FloatBounds) ? new FloatBounds(rows, width) : new QuantisedBounds(rows, width);
}
