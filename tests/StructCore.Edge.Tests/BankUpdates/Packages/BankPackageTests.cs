using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Packages;

public sealed class BankPackageTests : IDisposable
{
    private readonly TestPackages _packages = new();

    public void Dispose() => _packages.Dispose();

    [Fact]
    public void Open_WhatWasSigned_GivesBankAndParitySet()
    {
        var path = _packages.Write("cap", 3);
        var release = BankPackage.ReadRelease(path);
        Assert.Equal([_packages.BankKey.Id], _packages.Trust.Verify(release, TrustRole.Bank, TestTrust.Now));
        var package = BankPackage.Open(path, release);
        Assert.Equal(("cap-v3", "cap-v3"), (package.Manifest.Id, package.Bank.Manifest.Id));
        Assert.Equal(PackageFile.Of(path).Sha256, package.Sha256);
        Assert.Equal(_packages.Draft().ParityImages.Select(i => i.Pixels.ToArray()), package.ParityImages.Select(i => i.Pixels.ToArray()));
    }
}
