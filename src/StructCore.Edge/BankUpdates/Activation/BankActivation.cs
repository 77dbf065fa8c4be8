using System.Text.Json;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Puts a bank that passed every gate in place of the active one: move, store, swap, guard.</summary>
internal sealed class BankActivation(ReleaseCheck check, StationBanks banks, BankShelf shelf, BankGuard guard, UpdateStates states, TimeProvider time)
{
    /// <exception cref="UpdateRefusedException">It may not any more, or cannot stand beside the banks of now.</exception>
    public Task RunAsync(VerifiedRelease wanted, string path, SignedPackage package, GateReports gates, CancellationToken cancellationToken) =>
        banks.InTurnAsync(() =>
        {
            // The way here may have taken hours.
            check.VerifyAgain(wanted);
            cancellationToken.ThrowIfCancellationRequested();
            shelf.Put(path, package.Bank);
            Swap(wanted, package, gates);
            return Task.FromResult(true);
        }, cancellationToken);

    private void Swap(VerifiedRelease wanted, SignedPackage package, GateReports gates)
    {
        var (category, bank) = (wanted.Manifest.Category, package.Bank);
        var former = banks.Active(category);
        try
        {
            banks.Decide(banks.Standing(category)!.Activate(StationBanks.Identity(bank), time.GetUtcNow(), guard.IsOn), bank, banks.Event(category, BankEventKind.Activated, bank.Manifest.Version, wanted.Override?.Document.Reason) with
            {
                SignedBy = wanted.SignedBy,
                DocumentSha256 = wanted.Desired.Release.Sha256,
                PackageSha256 = bank.Sha256,
                Gates = JsonSerializer.Serialize(gates, ContractJson.Readable.GateReports),
            });
        }
        catch (InvalidBankException e)
        {
            throw new UpdateRefusedException(UpdateRefusal.DoesNotFit, e.Message, e);
        }

        states.Change(UpdateKind.Bank, category, b => b with { PackageSha256 = bank.Sha256 });
        shelf.RemoveOld(category);
        guard.Begin(UpdateKind.Bank, category, former);
    }
}
