using StructCore.Vision.Imaging;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>What a release says besides what it lists.</summary>
/// <param name="ParityImages">Crops as the backbone takes them, one for each case of <paramref name="Parity"/>.</param>
internal sealed record ReleaseDraft(ReleaseBackbone Backbone, ParitySet Parity, IReadOnlyList<RgbImage> ParityImages, DateTimeOffset Created, DateTimeOffset Expires, string MinimumAgent);
