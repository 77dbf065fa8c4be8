using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>
/// Which banks a station decides with: the one writer of its snapshot and of its standings. Whatever changes them, an update, a calibration,
/// a reload, a rollback or the guard, takes its turn; what is stored comes before what decides.
/// </summary>
internal sealed class StationBanks(StationOptions options, InspectionPipeline pipeline, BackboneManifest backbone, IInspectionStore store, TimeProvider time, ILogger<StationBanks> log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ImmutableDictionary<string, BankStanding> _standings = store.BankStandings().Where(s => s.Station == options.Name && options.MayJudge(s.Category)).ToImmutableDictionary(s => s.Category, StringComparer.Ordinal);

    /// <summary>Raised, with the category, when something about its banks has changed; must return at once.</summary>
    public event Action<string>? Changed;

    public string Station => options.Name;

    public BackboneManifest Backbone => backbone;

    /// <summary>The banks of the next inspection.</summary>
    public BankSet Current => pipeline.Banks;

    public IEnumerable<BankStanding> Standings => Volatile.Read(ref _standings).Values;

    /// <summary>Null: the category was never updated, its newest file decides.</summary>
    public BankStanding? Standing(string category) => Volatile.Read(ref _standings).GetValueOrDefault(category);

    /// <summary>The bank of a category that decides; null: none does.</summary>
    public ProductBank? Active(string category) => Current.TryGet(category, out var bank) ? bank : null;

    /// <summary>Runs a change while no other does.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>In turn only: holds on to what decides in a category that has no standing yet, before a file comes into the folder that would be its newest.</summary>
    public void Pin(string category, BankIdentity coming)
    {
        if (Standing(category) is null && options.MayJudge(category))
        {
            var active = Active(category);
            Note(new(Station, category, active is null ? coming : Identity(active), null, active?.Manifest.Version ?? 0, time.GetUtcNow()) { Dormant = active is null }, null);
        }
    }

    /// <summary>In turn only: stores a standing that changes nothing about what decides.</summary>
    public void Note(BankStanding standing, BankEvent? because)
    {
        store.SaveStanding(standing, because);
        Volatile.Write(ref _standings, _standings.SetItem(standing.Category, standing));
        Changed?.Invoke(standing.Category);
    }

    /// <summary>In turn only: from the next inspection on <paramref name="bank"/> decides in its category, or nothing where it is null.</summary>
    public void Decide(BankStanding standing, ProductBank? bank, BankEvent because)
    {
        var others = Current.Banks.Where(b => b.Manifest.Category != standing.Category);
        var banks = BankSet.Create([.. (bank is null ? others : others.Append(bank)).OrderBy(b => b.Manifest.Category, StringComparer.Ordinal)], backbone);
        if (bank is not null)
        {
            CalibrationHistory.Record(store, [bank], time);
        }

        store.SaveStanding(standing, because);
        Volatile.Write(ref _standings, _standings.SetItem(standing.Category, standing));
        pipeline.Banks = banks;
        var decides = bank is null ? "no bank" : string.Create(CultureInfo.InvariantCulture, $"{bank.Manifest.Id} with threshold {bank.Calibration.Threshold}");
        log.BankDecides(Station, standing.Category, decides, $"{because.Kind.ToString().ToLowerInvariant()}{(because.Reason is null ? "" : $", {because.Reason}")}");
        Changed?.Invoke(standing.Category);
    }

    /// <summary>In turn only: all banks at once, as the standings and the folder have them.</summary>
    public void Reload(BankSet banks)
    {
        CalibrationHistory.Record(store, banks.Banks, time);
        pipeline.Banks = banks;
        foreach (var category in banks.Categories)
        {
            Changed?.Invoke(category);
        }
    }

    /// <summary>A line of the station's history that is stored now.</summary>
    public BankEvent Event(string? category, BankEventKind kind, int version, string? reason) => new(0, time.GetUtcNow(), Station, category, kind, version, reason, [], null, null, null);

    public static BankIdentity Identity(ProductBank bank) => new(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256);

    public void Dispose() => _turn.Dispose();
}
