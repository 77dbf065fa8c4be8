using System.Text.Json;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Operator;

/// <summary><c>teach</c>: the kept frame of a rejected part that somebody confirms as good joins the active bank, or leaves it again.</summary>
internal sealed class BankTeach(string station, StationServices shared, EditionActivation activation, StationBanks banks)
{
    private const int LongestName = 100;

    /// <param name="arguments"><c>trigger_id</c> and, where it is not unique, <c>plc_epoch</c>: the tokens of the trigger; <c>confirmed_by</c>: who answers for it; <c>take_back</c>: true to take the teaching out again.</param>
    public async Task<CommandReply> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        if (VerdictReplay.Token(arguments, "trigger_id") is not { } trigger)
        {
            return new(CommandStatus.Invalid, "missing_trigger_id: teach needs the 'trigger_id' of a REJECT, a string or number, and where it is not unique its 'plc_epoch'");
        }

        if (!arguments.TryGetProperty("confirmed_by", out var name) || name.ValueKind != JsonValueKind.String || name.GetString()!.Trim() is not { Length: > 0 and <= LongestName } confirmedBy)
        {
            return new(CommandStatus.Invalid, $"missing_confirmed_by: teach needs 'confirmed_by', who says that the part is good, as text of at most {LongestName} characters");
        }

        var takeBack = false;
        if (arguments.TryGetProperty("take_back", out var back) && back.ValueKind != JsonValueKind.False)
        {
            takeBack = back.ValueKind == JsonValueKind.True;
            if (!takeBack)
            {
                return new(CommandStatus.Invalid, "invalid_take_back: 'take_back' is true or false");
            }
        }

        try
        {
            return new(CommandStatus.Done, null, takeBack ? await TakeBackAsync(trigger, confirmedBy, cancellationToken) : await TeachAsync(new(trigger, VerdictReplay.Token(arguments, "plc_epoch"), station), confirmedBy, cancellationToken));
        }
        catch (TeachingException e)
        {
            return new(CommandStatus.Failed, $"not_taught: {e.Message}");
        }
        catch (Exception e) when (e is InvalidBankException or InspectionStoreException or IOException or UnauthorizedAccessException)
        {
            return new(CommandStatus.Failed, $"teach_failed: {e.Message}");
        }
    }

    private async Task<TeachReport> TeachAsync(ReplayRequest request, string confirmedBy, CancellationToken cancellationToken)
    {
        // Reading and decoding take a thread of their own; no trigger waits for this one.
        var frame = await Task.Run(() => RejectedFrame.Find(shared.Store, shared.Evidence?.Folder, shared.Codec, request), cancellationToken);
        using var image = frame.Image;
        var (category, set) = (frame.Record.Verdict.Category!, banks.Current);
        if (!set.TryGet(category, out var bank))
        {
            throw new TeachingException($"No bank of '{category}' decides here any more.");
        }

        var inspected = await shared.Scorer.ScoreAsync(new ImageToScore(image, set, category, KeepFeatures: true), left: null, cancellationToken);
        using var features = inspected.Features ?? throw new TeachingException($"The frame gives no features: {inspected.Failure}");
        var teaching = await Task.Run(() => BankTeacher.Teach(bank, features, frame.Describe(confirmedBy, shared.Time.GetUtcNow())), cancellationToken);
        var decides = await activation.RunAsync(bank, teaching.Bank, BankEventKind.Taught, $"confirmed_by: {confirmedBy}; trigger {request.TriggerId}, {teaching.Image.Rows} rows of '{frame.Path}' (sha256 {frame.Sha256})", cancellationToken);
        return Report(decides, [teaching.Image]) with
        {
            ScoreBefore = teaching.Before.Score.Hybrid,
            Score = teaching.After.Score.Hybrid,
            Threshold = decides.Calibration.Threshold,
            Accepted = !teaching.After.Rejected,
        };
    }

    private async Task<TeachReport> TakeBackAsync(string trigger, string confirmedBy, CancellationToken cancellationToken)
    {
        var (bank, images) = banks.Current.Banks.Select(b => (b, b.Manifest.Taught?.Where(t => t.TriggerId == trigger).ToArray() ?? [])).FirstOrDefault(b => b.Item2.Length > 0);
        if (bank is null)
        {
            throw new TeachingException($"No image of trigger {trigger} is taught to any bank that decides here; taught are the triggers {string.Join(", ", banks.Current.Banks.SelectMany(b => b.Manifest.Taught ?? []).Select(t => t.TriggerId ?? t.File).DefaultIfEmpty("(none)"))}.");
        }

        var without = await Task.Run(() => BankTeacher.Unteach(bank, images), cancellationToken);
        return Report(await activation.RunAsync(bank, without, BankEventKind.Untaught, $"confirmed_by: {confirmedBy}; trigger {trigger}, {images.Sum(i => i.Rows)} rows are gone", cancellationToken), images);
    }

    private static TeachReport Report(ProductBank decides, IReadOnlyList<TaughtImage> images) =>
        new(decides.Manifest.Category, StationBanks.Identity(decides), [.. images.Select(i => i.Sha256)], images.Sum(i => i.Rows), decides.Manifest.Taught?.Count ?? 0);
}
