using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A desired bank on its way to deciding: verify, fetch, check, parity, shadow, activate. The guard goes on from there.</summary>
internal sealed class BankUpdate(
    AgentUpdates agent, ReleaseCheck check, PackageDesk desk, StructuralCheck structure, ParityGate parity, ShadowRun shadow, BankActivation activation, StationBanks banks, BankStates bankStates, UpdateStates states)
{
    /// <exception cref="UpdateRefusedException">It is not taken; what decides goes on.</exception>
    public async Task RunAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var category = request.Category;
        var desired = DesiredBank.Parse(request.Payload.Span);

        // What it says of itself, so that a refusal can be told apart from others.
        var said = ReleaseManifest.Read(desired.Release);
        states.Change(UpdateKind.Bank, category, b => b with { Version = said.Version, DocumentSha256 = desired.Release.Sha256, PackageSha256 = desired.Package.Sha256 });
        if (banks.Active(category) is { } active && (StationBanks.Identity(active) == new BankIdentity(said.Id, said.Version, desired.Package.Sha256) || IsTaughtFrom(active, said, desired)))
        {
            // Nothing to do, nothing to trust: the message stays with the broker long after its time.
            states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Done });
            return;
        }

        var wanted = check.Verify(category, desired);
        states.Change(UpdateKind.Bank, category, b => b with { SignedBy = wanted.SignedBy });
        await agent.PinAsync(category, wanted.Bank, cancellationToken);
        await banks.InTurnAsync(() =>
        {
            check.Remember(wanted);
            return Task.FromResult(true);
        }, cancellationToken);
        bankStates.SetCandidate(category, wanted.Bank);
        try
        {
            var (path, package) = await desk.GetAsync(wanted, cancellationToken);
            var gates = await PassAsync(wanted, package, cancellationToken);
            await activation.RunAsync(wanted, path, package, gates, cancellationToken);
        }
        finally
        {
            bankStates.SetCandidate(category, null);
        }
    }

    // What this station was taught since stands in the place of the version; only a newer one, or an override, ends that.
    private static bool IsTaughtFrom(ProductBank active, ReleaseManifest said, DesiredBank desired) =>
        active.Manifest is { Edition: not null } manifest && manifest.Version == said.Version && manifest.Origin == desired.Package.Sha256 && desired.Override is null;

    private async Task<GateReports> PassAsync(VerifiedRelease wanted, SignedPackage package, CancellationToken cancellationToken)
    {
        var category = wanted.Manifest.Category;
        structure.Require(wanted.Manifest, package.Bank, banks.Current);
        states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Parity });
        var gates = new GateReports(await parity.RunAsync(package.Bank, wanted.Manifest.Parity, package.ParityImages, cancellationToken));
        states.Change(UpdateKind.Bank, category, b => b with { Parity = gates.Parity });
        return gates with { Shadow = await shadow.RunAsync(package.Bank, cancellationToken) };
    }
}
