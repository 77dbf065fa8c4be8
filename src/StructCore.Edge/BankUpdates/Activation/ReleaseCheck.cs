using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Whether a desired bank may be taken at all, asked before anything is transferred; and what the station must not forget about it.</summary>
internal sealed class ReleaseCheck(StationOptions station, AgentTrust trust, StationBanks banks, StructuralCheck structure, MemoryCheck memory, IInspectionStore store, TimeProvider time, ILogger<ReleaseCheck> log)
{
    // More than a category ever sees.
    private const int MostEvents = int.MaxValue;

    /// <exception cref="UpdateRefusedException">It may not.</exception>
    public VerifiedRelease Verify(string category, DesiredBank desired)
    {
        var release = Signed(desired.Release, out var signedBy);
        if (release.Category != category)
        {
            throw new UpdateRefusedException(UpdateRefusal.WrongCategory, $"release '{release.Id}' is made out for '{release.Category}' and was published for '{category}'. Publish it on its own topic.");
        }

        if (!station.MayJudge(category))
        {
            throw new UpdateRefusedException(UpdateRefusal.CategoryNotConfigured, $"this station judges {string.Join(", ", station.Categories)}, not '{category}'. Add it to Stations:n:Categories, or clear the topic.");
        }

        structure.Require(release);
        memory.Require(release);
        var wanted = new VerifiedRelease(release, desired, signedBy, Override: null);
        return RollbackReason(wanted) is { } refusal ? wanted with { Override = Use(desired, release, refusal) } : wanted;
    }

    /// <exception cref="UpdateRefusedException">Its signature or its time does not hold any more.</exception>
    public void VerifyAgain(VerifiedRelease wanted) => Signed(wanted.Desired.Release, out _);

    /// <summary>In turn: keeps the version that was seen, and that an override was used.</summary>
    public void Remember(VerifiedRelease wanted)
    {
        var (category, version) = (wanted.Manifest.Category, wanted.Manifest.Version);
        var standing = banks.Standing(category)!;
        var seen = standing with { HighestVersion = Math.Max(standing.HighestVersion, version) };
        if (wanted.Override is { } used && !Events(category).Any(e => e.Kind == BankEventKind.Overridden && e.DocumentSha256 == used.Sha256))
        {
            log.OverrideUsed(station.Name, wanted.Manifest.Id, used.Document.Reason, string.Join(", ", used.SignedBy));
            banks.Note(seen, banks.Event(category, BankEventKind.Overridden, version, used.Document.Reason) with { SignedBy = used.SignedBy, DocumentSha256 = used.Sha256, PackageSha256 = wanted.Bank.Sha256 });
        }
        else if (seen != standing)
        {
            banks.Note(seen, null);
        }
    }

    private ReleaseManifest Signed(SignedDocument document, out IReadOnlyList<string> signedBy)
    {
        signedBy = trust.Current.Verify(document, TrustRole.Bank, time.GetUtcNow());
        var release = ReleaseManifest.Read(document);
        release.RequireInTime(time.GetUtcNow());
        return release;
    }

    private UpdateRefusedException? RollbackReason(VerifiedRelease wanted)
    {
        var (id, category, version) = (wanted.Manifest.Id, wanted.Manifest.Category, wanted.Manifest.Version);
        var active = banks.Active(category);
        var highest = banks.Standing(category)?.HighestVersion ?? active?.Manifest.Version ?? 0;
        if (version < highest)
        {
            return new(UpdateRefusal.Downgrade, $"'{id}' is older than version {highest}, which this station has seen. Sign it under a version above {highest}, or publish it with an override (structcore bank override).");
        }

        if (active?.Manifest.Version == version)
        {
            return new(UpdateRefusal.Downgrade, $"another file is active as '{id}' (sha256 {active.Sha256}, the package has {wanted.Bank.Sha256}). Sign it under a version above {highest}.");
        }

        return LastLeft(category, version) is { } left ? new(UpdateRefusal.Withdrawn, $"'{id}' was taken back here at {left.At:u}: {left.Reason}. Publish a newer version; or this one with an override (structcore bank override).") : null;
    }

    private UsedOverride Use(DesiredBank desired, ReleaseManifest release, UpdateRefusedException refusal)
    {
        if (desired.Override is not { } document)
        {
            throw refusal;
        }

        var signedBy = trust.Current.Verify(document, TrustRole.Trust, time.GetUtcNow());
        var content = OverrideDocument.Read(document);
        content.RequireInTime(time.GetUtcNow());
        if (content.Category != release.Category || content.Version != release.Version)
        {
            throw new UpdateRefusedException(refusal.Refusal, $"{refusal.Message} The override in the message is for '{content.Category}-v{content.Version}'.");
        }

        var used = Events(release.Category).Where(e => e.Kind == BankEventKind.Overridden && e.DocumentSha256 == document.Sha256).Select(e => (long?)e.Id).FirstOrDefault();
        return LastLeft(release.Category, release.Version) is { } left && used < left.Id
            ? throw new UpdateRefusedException(UpdateRefusal.Withdrawn, $"{refusal.Message} The override in the message was used before that already; sign another one.")
            : new(content, signedBy, document.Sha256);
    }

    // The line that tells of the version being left, where none tells of it coming back after that.
    private BankEvent? LastLeft(string category, int version) =>
        Events(category).FirstOrDefault(e => e.Version == version && e.PackageSha256 is not null && e.Kind is BankEventKind.Activated or BankEventKind.Confirmed or BankEventKind.Withdrawn or BankEventKind.RolledBack or BankEventKind.Recovered)
            is { Kind: BankEventKind.Withdrawn or BankEventKind.RolledBack } left ? left : null;

    private IReadOnlyList<BankEvent> Events(string category) => store.BankEvents(station.Name, category, MostEvents);
}
