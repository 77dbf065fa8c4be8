using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Gets the package of a release, from the banks folder where it lies there already, and opens it once every byte of it is verified.</summary>
internal sealed class PackageDesk(string station, PackageFetcher fetcher, PackageSource source, BankShelf shelf, MemoryCheck memory, UpdateFiles files, UpdateStates states)
{
    /// <returns>Where it lies, and what is in it.</returns>
    /// <exception cref="UpdateRefusedException">Not to be had, or not what was signed.</exception>
    public async Task<(string Path, SignedPackage Package)> GetAsync(VerifiedRelease wanted, CancellationToken cancellationToken)
    {
        var (category, version, release) = (wanted.Manifest.Category, wanted.Manifest.Version, wanted.Desired.Release);
        shelf.Want(station, category, version);
        var path = shelf.PathOf(wanted.Manifest.Id);
        if (!BankShelf.Holds(path, wanted.Bank.Sha256))
        {
            states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Downloading, Progress = 0 });
            var request = new PackageRequest(category, version, wanted.Desired.Package, BankPackage.Limit(wanted.Manifest, release));
            path = await fetcher.FetchAsync(request, source, new Share(states, category, request.Package.Bytes), cancellationToken);
        }

        states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Verifying });
        memory.Require(wanted.Manifest);
        return (path, Open(path, wanted));
    }

    private SignedPackage Open(string path, VerifiedRelease wanted)
    {
        try
        {
            return BankPackage.Open(path, wanted.Desired.Release);
        }
        catch (UpdateRefusedException e) when (e.Refusal != UpdateRefusal.NotAvailable && path != shelf.PathOf(wanted.Manifest.Id))
        {
            // It is complete and not what was signed: nothing of it is of any use.
            files.Delete(path);
            throw;
        }
    }

    private sealed class Share(UpdateStates states, string category, long whole) : IProgress<long>
    {
        public void Report(long value) => states.Change(UpdateKind.Bank, category, b => b with { Progress = Math.Round((double)value / whole, 3) });
    }
}
