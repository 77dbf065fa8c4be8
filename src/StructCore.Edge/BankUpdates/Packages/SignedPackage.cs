using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>A package that holds exactly what its release lists.</summary>
/// <param name="ParityImages">The crops of the parity set, in its order.</param>
internal sealed record SignedPackage(ReleaseManifest Manifest, ProductBank Bank, IReadOnlyList<RgbImage> ParityImages)
{
    /// <summary>SHA-256 of the file, lower-case hex; the bank's identity from now on.</summary>
    public string Sha256 => Bank.Sha256;
}
