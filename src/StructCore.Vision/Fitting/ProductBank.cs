using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Everything a station needs to judge one product, as one immutable snapshot: memory bank, routing prototypes, calibration.</summary>
public sealed class ProductBank(BankManifest manifest, MemoryBank memory, RoutingBank routing, string sha256)
{
    /// <summary>What the bank is and how it decides.</summary>
    public BankManifest Manifest { get; } = manifest;

    /// <summary>The rows patches are compared with.</summary>
    public MemoryBank Memory { get; } = memory;

    /// <summary>The prototypes images are routed by.</summary>
    public RoutingBank Routing { get; } = routing;

    /// <summary>SHA-256 of the bank file, lower-case hex.</summary>
    public string Sha256 { get; } = sha256;

    /// <summary>How it decides.</summary>
    public ScoreCalibration Calibration => Manifest.Calibration;

    /// <summary>Features to map to score: SPEC 6 to 8 in one pass.</summary>
    /// <exception cref="ArgumentException">The features are of another width.</exception>
    public ScoredImage Score(PatchFeatures features) => throw new NotSupportedException();

    /// <summary>Throws where <paramref name="backbone"/> is not the one the bank was fitted with.</summary>
    /// <exception cref="InvalidBankException">Another name, digest or width; the message names both and the remedy.</exception>
    public void RequireBackbone(BackboneManifest backbone) => throw new NotSupportedException();
}
