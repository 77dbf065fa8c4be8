using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Finds the banks a station decides with: those its standings name, and the newest file of every category that has none.</summary>
internal sealed class StandingChoice(BankLibrary library, IInspectionStore store, TimeProvider time, ILogger<StandingChoice> log)
{
    /// <summary>Starts with an unconfirmed bank after which it is taken for the reason that the agent does not come through.</summary>
    public const int MaxProbationStarts = 3;

    /// <summary>At the start of the agent: a bank that cannot be read, or does not let it come through, gives way to the one before, which is stored.</summary>
    /// <exception cref="InvalidBankException">A category has no bank that may decide; the message lists all of them.</exception>
    /// <exception cref="InspectionStoreException">The standings cannot be read or written.</exception>
    public IReadOnlyList<ProductBank> AtStart(StationOptions station) => Choose(station, Recover);

    /// <summary>While the agent runs: as they stand.</summary>
    /// <exception cref="InvalidBankException">As above.</exception>
    /// <exception cref="InspectionStoreException">The standings cannot be read.</exception>
    public IReadOnlyList<ProductBank> AsTheyStand(StationOptions station) => Choose(station, standing => Load(standing));

    private List<ProductBank> Choose(StationOptions station, Func<BankStanding, ProductBank?> byStanding)
    {
        var standings = store.BankStandings().Where(s => s.Station == station.Name).ToDictionary(s => s.Category, StringComparer.Ordinal);
        var categories = station.Categories.Count > 0 ? station.Categories : [.. BankFile.Categories(library.Folder), .. standings.Keys];
        var banks = new List<ProductBank>();
        var problems = new List<string>();
        foreach (var category in categories.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            try
            {
                banks.AddRange(standings.GetValueOrDefault(category) is { } standing ? byStanding(standing) is { } bank ? [bank] : [] : library.Load([category]));
            }
            catch (InvalidBankException e)
            {
                problems.Add(e.Message);
            }
        }

        // Without any category the library says what to do.
        return problems.Count > 0 ? throw new InvalidBankException(string.Join(Environment.NewLine, problems)) : categories.Count == 0 ? [.. library.Load([])] : banks;
    }

    private ProductBank? Load(BankStanding standing) =>
        standing.Dormant ? null : CalibrationUpdate.Apply(library.Load(standing.Active), standing.Calibration);

    private ProductBank? Recover(BankStanding standing)
    {
        if (standing is { OnProbation: true, Dormant: false })
        {
            standing = standing with { ProbationStarts = standing.ProbationStarts + 1 };
            store.SaveStanding(standing, null);
            if (standing.ProbationStarts > MaxProbationStarts && TryTakeBack(standing, out var before))
            {
                return before;
            }
        }

        try
        {
            return Load(standing);
        }
        catch (InvalidBankException e) when (standing.Previous is not null || standing is { OnProbation: true, CalibrationBefore: null })
        {
            try
            {
                return Replace(standing, standing.GoBack(time.GetUtcNow()), BankEventKind.Recovered, $"bank_unreadable: {e.Message}");
            }
            catch (InvalidBankException former)
            {
                throw new InvalidBankException($"{e.Message}{Environment.NewLine}{former.Message}", former);
            }
        }
    }

    private bool TryTakeBack(BankStanding standing, out ProductBank? bank)
    {
        try
        {
            var code = UpdateRefusedException.Code(UpdateRefusal.CrashLoop);
            bank = Replace(standing, standing.TakeBack(time.GetUtcNow()), BankEventKind.Withdrawn, $"{code}: the agent started {standing.ProbationStarts} times without coming through the first inspections with it, or ending politely. See the log of those starts before it is published again under a new version.");
            return true;
        }
        catch (InvalidBankException)
        {
            // What was before cannot be read: what is there goes on.
            bank = null;
            return false;
        }
    }

    private ProductBank? Replace(BankStanding standing, BankStanding next, BankEventKind kind, string reason)
    {
        var bank = Load(next);
        var file = standing.CalibrationBefore is null || kind == BankEventKind.Recovered ? standing.Active.Sha256 : null;
        store.SaveStanding(next, new(0, time.GetUtcNow(), standing.Station, standing.Category, kind, standing.Active.Version, reason, [], null, file, null));
        log.WentBack(standing.Station, standing.Active.Id, bank?.Manifest.Id ?? "no bank", reason);
        return bank;
    }
}
