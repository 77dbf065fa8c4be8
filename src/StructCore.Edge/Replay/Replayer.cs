using System.Globalization;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Replay;

/// <summary>Scores the stored frame of a verdict once more, by the bank version the verdict names, and compares.</summary>
/// <param name="evidenceFolder">Null where no images are kept.</param>
/// <param name="banksFolder">Where the bank version is looked for that is not among those in use.</param>
/// <param name="banksOf">The present banks of a station, by its name.</param>
/// <param name="scorerFor">The scorer for a bank; one with another backbone is found out.</param>
internal sealed class Replayer(
    IInspectionStore store,
    string? evidenceFolder,
    string banksFolder,
    ExecutionProvider provider,
    IImageCodec codec,
    Func<string, IReadOnlyList<ProductBank>> banksOf,
    Func<BankManifest, SharedScorer> scorerFor)
{
    /// <exception cref="InspectionStoreException">The store cannot be read.</exception>
    public async Task<ReplayReport> ReplayAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        var records = request.Find(store);
        if (records is not [var record])
        {
            return NotOne(request, records);
        }

        var report = ReplayReport.Of(record);
        if (record.Verdict is not { Bank: not null, Score: not null })
        {
            return report with { Outcome = ReplayOutcome.NotScored, Message = $"The verdict is {report.Stored!.Verdict} without a score ({record.Verdict.Reason}): there is nothing to compare." };
        }

        var frame = StoredFrame.Read(store, evidenceFolder, codec, record);
        if (frame.Image is null)
        {
            return report with { Outcome = frame.Outcome, Message = frame.Message };
        }

        return await JudgeAsync(report with { Frame = frame.Path }, frame.Image, cancellationToken);
    }

    /// <summary>Why a request that no single record answers cannot be served.</summary>
    public static ReplayReport NotOne(ReplayRequest request, IReadOnlyList<InspectionRecord> records) => records.Count == 0
        ? new(ReplayOutcome.NoSuchTrigger, $"No record has the trigger id {request.TriggerId}{(request.PlcEpoch is null && request.Station is null ? "" : " with this PLC epoch and station")}: it was never inspected here, or retention removed it.")
        : new(ReplayOutcome.Ambiguous, $"{records.Count} records have the trigger id {request.TriggerId}; choose one by PLC epoch and station: {string.Join("; ", records.Take(10).Select(r => $"epoch {r.Trigger.PlcEpoch}, station {r.Trigger.Station}, {r.DecidedAt:u}"))}.");

    private async Task<ReplayReport> JudgeAsync(ReplayReport report, RgbImage frame, CancellationToken cancellationToken)
    {
        IReadOnlyList<ProductBank> banks;
        SharedScorer scorer;
        BankSet set;
        try
        {
            banks = Banks(report);
        }
        catch (InvalidBankException e)
        {
            return report with { Outcome = ReplayOutcome.BankMissing, Message = e.Message };
        }

        var bank = banks[0];
        try
        {
            scorer = scorerFor(bank.Manifest);
            set = BankSet.Create(banks, scorer.Backbone);
        }
        catch (Exception e) when (e is InvalidBankException or InvalidBackboneException)
        {
            return report with { Outcome = ReplayOutcome.BackboneDiffers, Message = e.Message };
        }

        var inspected = await scorer.ScoreAsync(new ImageToScore(frame, set, bank.Manifest.Category), left: null, cancellationToken);
        var (verdict, since) = Judge(report.Stored!, inspected);
        return Compare(report with
        {
            CalibrationSince = since,
            RoutedOver = [.. banks.Select(b => b.Manifest.Id)],
            Backbone = scorer.Backbone.Name,
            Provider = provider.ToString().ToLowerInvariant(),
            Replayed = JudgedFrame.Of(verdict) with { Category = report.Recipe ?? inspected.Route.Category },
        });
    }

    /// <summary>The bank that decided, then those it was chosen from.</summary>
    private IReadOnlyList<ProductBank> Banks(ReplayReport report)
    {
        var (wanted, category) = (report.Bank!, report.Stored!.Category!);
        var present = banksOf(report.Station!);
        var bank = present.FirstOrDefault(b => b.Sha256 == wanted.Sha256) ?? BankFile.Find(banksFolder, category, wanted.Sha256)
            ?? throw new InvalidBankException($"Bank '{wanted.Id}' (sha256 {wanted.Sha256}) is not in '{banksFolder}' any more. Put that file back there; a newer version beside it does no harm.");

        // Which other banks there were then is not on record: those of now take their place.
        var others = present.Where(b => b.Manifest.Category != category && b.Manifest.Frame == bank.Manifest.Frame && b.Manifest.BackboneSha256 == bank.Manifest.BackboneSha256);
        return report.Recipe is null ? [bank, .. others] : [bank];
    }

    /// <summary>By the calibration that decided: its threshold tells, and the stored score where several have that. By the present one where none has.</summary>
    private (Verdict Verdict, DateTimeOffset? Since) Judge(JudgedFrame stored, InspectedImage inspected)
    {
        var (route, bank, scored, _) = inspected;
        return CalibrationHistory.Of(store, bank)
            .Where(c => c.Calibration.Threshold == stored.Threshold)
            .Select(c => (Verdict: By(bank.With(c.Calibration)), Since: (DateTimeOffset?)c.Since))
            .OrderByDescending(v => v.Verdict.Score == stored.Score)
            .FirstOrDefault((By(bank), null));

        Verdict By(ProductBank one) => InspectionPipeline.Judge(one, route.Distances[bank.Manifest.Category], one.Judge(scored.Patches, new(scored.Score.Base, scored.Structure)));
    }

    private static ReplayReport Compare(ReplayReport report)
    {
        var (stored, replayed) = (report.Stored!, report.Replayed!);
        var outcome = stored == replayed ? ReplayOutcome.Same : stored.IsNear(replayed) ? ReplayOutcome.WithinTolerance : ReplayOutcome.Different;
        return report with
        {
            Outcome = outcome,
            Message = outcome switch
            {
                ReplayOutcome.Same => $"The verdict {stored.Verdict} of bank '{report.Bank!.Id}'{By(report)} is repeated to the last bit.",
                ReplayOutcome.WithinTolerance => string.Create(CultureInfo.InvariantCulture, $"The verdict {stored.Verdict} of bank '{report.Bank!.Id}'{By(report)} is repeated, its numbers within {JudgedFrame.Tolerance:P1}: another provider than '{report.Provider}' or another processor computed them then."),
                _ when stored.Threshold != replayed.Threshold => string.Create(CultureInfo.InvariantCulture, $"No calibration of bank '{report.Bank!.Id}' is on record that has the threshold {stored.Threshold} of the verdict; its present one has {replayed.Threshold}. Look for it in an older backup of the store."),
                _ when stored.Category != replayed.Category => $"The frame is routed to '{replayed.Category}' now, it was to '{stored.Category}': the banks beside '{report.Bank!.Id}' are others now, or the program is.",
                _ => $"The verdict differs: {stored.Verdict} then, {replayed.Verdict} now, by the same bank, calibration, backbone and frame. Another provider than '{report.Provider}', or another version of the program, computed it then.",
            },
        };
    }

    private static string By(ReplayReport report) => report.CalibrationSince is { } since ? string.Create(CultureInfo.InvariantCulture, $", by its calibration of {since:u},") : "";
}
