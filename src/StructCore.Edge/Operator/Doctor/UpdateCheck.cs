using System.Text;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>What remote updates need: trust that lasts, folders on one disk, a server that answers, and the bank files that the standings name.</summary>
internal static class UpdateCheck
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    public static async Task RunAsync(AgentOptions options, AdapterSet adapters, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        if (!options.Updates.Enabled)
        {
            findings.Ok("remote updates are off (Updates:TrustFile)");
            return;
        }

        try
        {
            using var store = File.Exists(options.Store.Path) ? adapters.ReadStore(options.Store.Path) : null;
            Trusted(options.Updates.TrustFile!, store, time, findings);
            Standings(options, store, findings);
        }
        catch (Exception e) when (e is InspectionStoreException or UpdateRefusedException or IOException or UnauthorizedAccessException)
        {
            findings.Fail(e.Message);
        }

        var (incoming, banks) = (Disk(options.Updates.Folder), Disk(options.Banks.Folder));
        findings.Judge(
            incoming == banks ? null : $"Updates:Folder lies on '{incoming}', Banks:Folder on '{banks}': a package is moved from one to the other, which is not safe across disks. Put both on one disk.",
            $"Updates:Folder and Banks:Folder lie on one disk, '{banks}'");
        if (options.Updates.BaseUrl is { } server)
        {
            findings.Judge(await new HttpPackageSource(options.Updates, time).ProbeAsync(cancellationToken), $"'{server}' answers");
        }
        else
        {
            findings.Ok("packages come through the broker (Updates:BaseUrl)");
        }
    }

    private static void Trusted(string file, IInspectionStore? store, TimeProvider time, Findings findings)
    {
        var begun = TrustChain.Open(TrustChain.Parse(File.ReadAllBytes(file)));
        var kept = store?.TrustDocument() is { } document ? Trust.Open(SignedDocument.Parse(Encoding.UTF8.GetBytes(document))) : null;
        var trust = kept?.Version > begun.Version ? kept : begun;
        var expires = trust.Content.Expires;
        var text = $"trust document {trust.Version} counts until {expires:u}";
        if (expires < time.GetUtcNow())
        {
            findings.Fail($"{text}: no update is taken any more. Publish a newer one (structcore trust update), or put it into '{file}'.");
        }
        else if (expires < time.GetUtcNow() + Ahead)
        {
            findings.Warning($"{text}: after that no update is taken. Publish a newer one (structcore trust update).");
        }
        else
        {
            findings.Ok(text);
        }
    }

    private static void Standings(AgentOptions options, IInspectionStore? store, Findings findings)
    {
        foreach (var standing in store?.BankStandings().Where(s => !s.Dormant && options.Stations.Any(o => o.Name == s.Station && o.MayJudge(s.Category))) ?? [])
        {
            Look(standing.Station, standing.Active, "decides", "The station would not start, or go back: copy the file there again");
            if (standing.Previous is { } previous)
            {
                Look(standing.Station, previous, "is what a rollback goes back to", "Copy the file there again");
            }
        }

        void Look(string station, Verdicts.BankIdentity bank, string what, string remedy)
        {
            var path = Path.Combine(options.Banks.Folder, bank.Id + Vision.Fitting.BankFile.Extension);
            findings.Judge(
                BankShelf.Holds(path, bank.Sha256) ? null : $"{station}: '{bank.Id}' {what}, but '{path}' is not there or another file (expected sha256 {bank.Sha256}). {remedy}; 'structcore bank history' tells where it came from.",
                $"{station}: '{bank.Id}' {what}, its file is there");
        }
    }

    private static string Disk(string folder)
    {
        var existing = NearestFolder.Of(folder);
        return DriveInfo.GetDrives().Select(d => d.RootDirectory.FullName).Where(r => existing == r || existing.StartsWith(r.EndsWith('/') || r.EndsWith('\\') ? r : r + Path.DirectorySeparatorChar, StringComparison.Ordinal)).MaxBy(r => r.Length) ?? existing;
    }
}
