using StructCore.Vision.Features;

namespace StructCore.Vision.ZeroShot;

/// <summary>What mutual scoring takes of one image: the raw tokens of each layer, not fused, and the class token.</summary>
/// <param name="Layers">One entry per layer, all on the same grid: [grid·grid, d], d of its own.</param>
/// <param name="ClassToken">[d'], not normalised.</param>
public sealed record LayerTokens(IReadOnlyList<PatchFeatures> Layers, float[] ClassToken);
