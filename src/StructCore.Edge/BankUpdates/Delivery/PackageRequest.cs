using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>A package to fetch.</summary>
/// <param name="Limit">What the signed release allows it at most, in bytes, whatever <paramref name="Package"/> says.</param>
internal sealed record PackageRequest(string Category, int Version, PackageFile Package, long Limit)
{
    public string FileName => $"{Category}-v{Version}{Vision.Fitting.BankFile.Extension}";
}
