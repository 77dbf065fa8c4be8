using StructCore.Edge.BankUpdates.Packages;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>Releases as <c>bank sign</c> writes them, without files behind them.</summary>
internal static class Releases
{
    public static ReleaseManifest Of(ProductBank bank, BackboneManifest backbone, params ReleaseFile[] files) => new()
    {
        Id = bank.Manifest.Id,
        Category = bank.Manifest.Category,
        Version = bank.Manifest.Version,
        Created = DateTimeOffset.UnixEpoch,
        Expires = DateTimeOffset.MaxValue,
        MinimumAgent = "0.1.0",
        Backbone = new(backbone.Name, backbone.Sha256, BackboneDigests.Preprocess(backbone, bank.Manifest.Frame), BackboneDigests.Fuse(backbone)),
        Files = files,
        Parity = new(backbone.Crop, 0.01, 0.01, []),
    };
}
