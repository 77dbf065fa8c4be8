using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>
/// Puts what this station was taught in place of the active bank: written, read back, tried out, then swapped in with its line of history. It keeps the
/// version and needs no signature: it is nobody's release, and the next one from the office goes before it.
/// </summary>
internal sealed class EditionActivation(AgentUpdates updates, StationBanks banks, BankGuard guard, InspectionPipeline pipeline, BankLibrary library, TimeProvider time)
{
    /// <param name="basis">The bank that decided when <paramref name="next"/> was made of it.</param>
    /// <returns>The bank of the next inspection.</returns>
    /// <exception cref="TeachingException">Another bank decides meanwhile, is on probation, or the new one cannot judge.</exception>
    /// <exception cref="InspectionStoreException">Not stored; the old bank goes on.</exception>
    /// <exception cref="IOException">Not written.</exception>
    public async Task<ProductBank> RunAsync(ProductBank basis, ProductBank next, BankEventKind kind, string reason, CancellationToken cancellationToken)
    {
        var category = basis.Manifest.Category;
        RequireSettled(basis);
        await updates.PinAsync(category, StationBanks.Identity(basis), cancellationToken);
        return await banks.InTurnAsync(async () =>
        {
            RequireSettled(basis);
            var path = BankFile.WriteEdition(next, library.Folder, time.GetUtcNow());
            updates.Files.SyncFolder(library.Folder);
            var edition = BankFile.Read(path);
            await TryOutAsync(edition, path, cancellationToken);
            banks.Decide(banks.Standing(category)!.Teach(StationBanks.Identity(edition), time.GetUtcNow()), edition, banks.Event(category, kind, edition.Manifest.Version, reason) with { PackageSha256 = edition.Sha256 });
            updates.Shelf.RemoveOld(category);
            return edition;
        }, cancellationToken);
    }

    private void RequireSettled(ProductBank basis)
    {
        var category = basis.Manifest.Category;
        if (banks.Active(category) != basis)
        {
            throw new TeachingException($"'{banks.Active(category)?.Manifest.Id ?? "no bank"}' decides instead of '{basis.Manifest.Id}' since a moment ago. Ask again.");
        }

        if (guard.Guards(category))
        {
            throw new TeachingException($"'{basis.Manifest.Id}' is on probation: what it is judged by must not change before it is confirmed. Ask again after its first parts.");
        }
    }

    private async Task TryOutAsync(ProductBank edition, string path, CancellationToken cancellationToken)
    {
        var rehearsal = await pipeline.RehearseAsync(BankSet.Create([edition], banks.Backbone), cancellationToken);
        if (rehearsal.Failures.Any())
        {
            updates.Files.Delete(path);
            throw new TeachingException($"The taught bank cannot judge: {string.Join("; ", rehearsal.Failures)}");
        }
    }
}
