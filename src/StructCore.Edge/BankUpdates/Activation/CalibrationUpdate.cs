using System.Text;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Takes a signed calibration for the active bank: verify, store, swap, guard.</summary>
internal sealed class CalibrationUpdate(AgentTrust trust, StationBanks banks, BankGuard guard, UpdateStates states, IInspectionStore store, TimeProvider time)
{
    private const int MostEvents = int.MaxValue;

    /// <summary>The bank as it decides by a signed calibration; as it is where that is null.</summary>
    /// <exception cref="InvalidBankException">The calibration is none, or of another bank.</exception>
    public static ProductBank Apply(ProductBank bank, string? calibration)
    {
        if (calibration is null)
        {
            return bank;
        }

        try
        {
            // Its signatures were verified when it was taken; since then it lay in the store.
            var content = CalibrationDocument.Read(SignedDocument.Parse(Encoding.UTF8.GetBytes(calibration)));
            return content.Category == bank.Manifest.Category && content.BankVersion == bank.Manifest.Version
                ? bank.With(content.Calibration)
                : throw new InvalidBankException($"The calibration that is stored for '{bank.Manifest.Id}' is of '{content.Category}-v{content.BankVersion}'. Roll the category back, or publish its calibration again.");
        }
        catch (UpdateRefusedException e)
        {
            throw new InvalidBankException($"The calibration that is stored for '{bank.Manifest.Id}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Its number, as stored; null where there is none.</summary>
    public static int? NumberOf(string? calibration)
    {
        try
        {
            return calibration is null ? null : CalibrationDocument.Read(SignedDocument.Parse(Encoding.UTF8.GetBytes(calibration))).Number;
        }
        catch (UpdateRefusedException)
        {
            return null;
        }
    }

    /// <exception cref="UpdateRefusedException">It is not taken.</exception>
    public async Task RunAsync(UpdateRequest request, CancellationToken cancellationToken)
    {
        var document = SignedDocument.Parse(request.Payload.Span);
        var content = CalibrationDocument.Read(document);
        states.Change(UpdateKind.Calibration, request.Category, b => b with { Version = content.BankVersion, Calibration = content.Number, DocumentSha256 = document.Sha256 });
        if (banks.Standing(request.Category)?.Calibration == Encoding.UTF8.GetString(document.ToJson()))
        {
            states.Change(UpdateKind.Calibration, request.Category, b => b with { Stage = UpdateStage.Done });
            return;
        }

        var signedBy = trust.Current.Verify(document, TrustRole.Bank, time.GetUtcNow());
        states.Change(UpdateKind.Calibration, request.Category, b => b with { SignedBy = signedBy });
        content.RequireInTime(time.GetUtcNow());
        if (content.Category != request.Category)
        {
            throw new UpdateRefusedException(UpdateRefusal.WrongCategory, $"the calibration is made out for '{content.Category}' and was published for '{request.Category}'. Publish it on its own topic.");
        }

        await banks.InTurnAsync(() => Task.FromResult(Take(document, content, signedBy)), cancellationToken);
    }

    private bool Take(SignedDocument document, CalibrationDocument content, IReadOnlyList<string> signedBy)
    {
        var category = content.Category;
        if (banks.Active(category) is not { } active || active.Manifest.Version != content.BankVersion)
        {
            throw new UpdateRefusedException(UpdateRefusal.WrongBank, $"calibration {content.Number} is for '{category}-v{content.BankVersion}', but {banks.Active(category)?.Manifest.Id ?? "no bank of the category"} decides. It is looked at again when that changes.");
        }

        var standing = banks.Standing(category) ?? new(banks.Station, category, StationBanks.Identity(active), null, active.Manifest.Version, time.GetUtcNow());
        var json = Encoding.UTF8.GetString(document.ToJson());
        // The standing forgets when banks change places, the history does not.
        var highest = store.BankEvents(banks.Station, category, MostEvents).Where(e => e.Kind == BankEventKind.Calibrated && e.PackageSha256 == active.Sha256).Select(e => e.Version).Append(standing.HighestCalibration).Max();
        if (content.Number <= highest)
        {
            throw new UpdateRefusedException(UpdateRefusal.Downgrade, $"calibration {content.Number} of '{active.Manifest.Id}' is no newer than {highest}, which this station has seen. Sign it under a number above {highest}.");
        }

        banks.Decide(standing.Calibrate(json, content.Number, guard.IsOn), active.With(content.Calibration), banks.Event(category, BankEventKind.Calibrated, content.Number, null) with
        {
            SignedBy = signedBy,
            DocumentSha256 = document.Sha256,
            PackageSha256 = active.Sha256,
        });
        guard.Begin(UpdateKind.Calibration, category, former: active);
        return true;
    }
}
