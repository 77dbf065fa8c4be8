using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Watches every bank and calibration on probation: confirms it after its first parts, or puts back what decided before.</summary>
internal sealed class BankGuard(UpdateOptions options, StationBanks banks, BankLibrary library, InspectionWatch watch, UpdateStates states, Instruments instruments, IInspectionStore store, TimeProvider time, ILogger<BankGuard> log)
{
    // Records that are looked through for the time a part took before.
    private const int Looked = 500;

    private readonly ConcurrentDictionary<string, GuardedBank> _guarded = new(StringComparer.Ordinal);

    /// <summary>Raised, with the category, when a probation has ended; must return at once.</summary>
    public event Action<string>? Ended;

    public bool IsOn => options.GuardInspections > 0;

    public bool Guards(string category) => _guarded.ContainsKey(category);

    /// <summary>The banks that were on probation when the agent ended begin theirs again.</summary>
    public void Resume()
    {
        foreach (var standing in banks.Standings.Where(s => s is { OnProbation: true, Dormant: false } && banks.Active(s.Category) is not null))
        {
            Begin(standing.CalibrationBefore is null ? UpdateKind.Bank : UpdateKind.Calibration, standing.Category, former: null);
        }
    }

    /// <summary>In turn, or before anything runs: from now on what decides in this category is watched, where it is on probation.</summary>
    public void Begin(UpdateKind kind, string category, ProductBank? former)
    {
        if (banks.Standing(category) is not { OnProbation: true } standing || banks.Active(category) is not { } active)
        {
            states.Change(kind, category, b => b with { Stage = UpdateStage.Done });
            return;
        }

        var before = former?.Sha256 ?? (kind == UpdateKind.Calibration ? standing.Active : standing.Previous)?.Sha256;
        var guard = new SwapGuard(active, options, before is null ? null : UsualMs(before));
        _guarded[category] = new(kind, guard, former);
        watch.Guarding = true;
        states.Change(kind, category, b => b with { Version = active.Manifest.Version, Stage = UpdateStage.Guard, Guard = guard.Report });
    }

    /// <summary>In turn: the probation is over, however that came.</summary>
    public void End(string category)
    {
        _guarded.TryRemove(category, out _);
        watch.Guarding = !_guarded.IsEmpty;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var seen in watch.Guarded.ReadAllAsync(cancellationToken))
        {
            foreach (var (category, guarded) in _guarded.Where(g => seen.Category is null || seen.Category == g.Key))
            {
                await LookAsync(category, guarded, seen, cancellationToken);
            }
        }
    }

    private async Task LookAsync(string category, GuardedBank guarded, SeenVerdict seen, CancellationToken cancellationToken)
    {
        try
        {
            var report = guarded.Guard.Add(seen.Verdict, seen.Framed);
            states.Change(guarded.Kind, category, b => b with { Guard = report, Progress = (double)report.Inspections / report.Planned });
            if (report.IsComplete)
            {
                await FinishAsync(category, guarded, () => Confirm(category, guarded), cancellationToken);
            }
        }
        catch (UpdateRefusedException e)
        {
            await FinishAsync(category, guarded, () => Withdraw(category, guarded, e), cancellationToken);
        }
    }

    // Only what is still guarded: a rollback may have come first.
    private async Task FinishAsync(string category, GuardedBank guarded, Action finish, CancellationToken cancellationToken)
    {
        var done = await banks.InTurnAsync(() =>
        {
            if (_guarded.GetValueOrDefault(category) != guarded)
            {
                return Task.FromResult(false);
            }

            try
            {
                finish();
                End(category);
                return Task.FromResult(true);
            }
            catch (InspectionStoreException e)
            {
                // It stays on probation: the next part brings another attempt.
                log.NotStored(banks.Station, category, e.Message);
                return Task.FromResult(false);
            }
        }, cancellationToken);
        if (done)
        {
            Ended?.Invoke(category);
        }
    }

    private void Confirm(string category, GuardedBank guarded)
    {
        var standing = banks.Standing(category)!;
        banks.Note(standing.Confirm(), Event(category, BankEventKind.Confirmed, standing, guarded, null));
        states.Change(guarded.Kind, category, b => b with { Stage = UpdateStage.Done });
        instruments.Updated(banks.Station, guarded.Kind, "confirmed");
    }

    private void Withdraw(string category, GuardedBank guarded, UpdateRefusedException why)
    {
        var standing = banks.Standing(category)!;
        var back = standing.TakeBack(time.GetUtcNow());
        try
        {
            var former = back.Dormant ? null : guarded.Former ?? CalibrationUpdate.Apply(library.Load(back.Active), back.Calibration);
            banks.Decide(back, former, Event(category, BankEventKind.Withdrawn, standing, guarded, why.Reason));
            states.Change(guarded.Kind, category, b => b with { Stage = UpdateStage.Withdrawn, Reason = why.Reason });
            instruments.Updated(banks.Station, guarded.Kind, "withdrawn");
        }
        catch (InvalidBankException e)
        {
            // There is nothing to go back to: it goes on, and whoever reads this must act.
            var reason = $"{why.Reason} It goes on deciding all the same, since the bank before cannot be read: {e.Message}";
            log.CannotGoBack(banks.Station, standing.Active.Id, reason);
            banks.Note(standing.Confirm(), Event(category, BankEventKind.Refused, standing, guarded, reason));
            states.Change(guarded.Kind, category, b => b with { Stage = UpdateStage.Refused, Reason = reason });
        }
    }

    private BankEvent Event(string category, BankEventKind kind, BankStanding standing, GuardedBank guarded, string? reason)
    {
        var body = states.Of(guarded.Kind, category);
        return banks.Event(category, kind, guarded.Kind == UpdateKind.Calibration ? standing.HighestCalibration : standing.Active.Version, reason) with
        {
            SignedBy = body.SignedBy ?? [],
            DocumentSha256 = body.DocumentSha256,
            PackageSha256 = guarded.Kind == UpdateKind.Calibration ? null : standing.Active.Sha256,
            Gates = JsonSerializer.Serialize(new GateReports(body.Parity, body.Shadow, guarded.Guard.Report), ContractJson.Readable.GateReports),
        };
    }

    private double? UsualMs(string bankSha256)
    {
        var times = new PassTimes();
        try
        {
            foreach (var record in store.Records(Math.Max(0, store.Ledger().LastSequence - Looked), Looked).Where(r => r.Trigger.Station == banks.Station && r.Verdict.Bank?.Sha256 == bankSha256))
            {
                times.Add(record.Verdict.Timings.Features + record.Verdict.Timings.Score);
            }
        }
        catch (InspectionStoreException)
        {
            // Without it the time is not judged; the self-check says what is wrong with the store.
        }

        return times.Median;
    }
}
