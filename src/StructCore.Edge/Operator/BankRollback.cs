using System.Text.Json;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Operator;

/// <summary><c>rollback</c>: active and previous bank of a category change places; once more and they are back.</summary>
internal sealed class BankRollback(StationBanks banks, BankGuard guard, BankLibrary library, TimeProvider time)
{
    /// <param name="arguments"><c>category</c>, needed where the station has more than one.</param>
    public async Task<CommandReply> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        string[] known = [.. banks.Current.Categories.Union(banks.Standings.Select(s => s.Category)).Order(StringComparer.Ordinal)];
        var category = arguments.TryGetProperty("category", out var named) ? (named.ValueKind == JsonValueKind.String ? named.GetString() : null) : known is [var only] ? only : null;
        if (category is null)
        {
            return new(CommandStatus.Invalid, $"missing_category: rollback needs the 'category' as text; this station has {string.Join(", ", known)}");
        }

        if (!known.Contains(category))
        {
            return new(CommandStatus.Invalid, $"unknown_category: this station has no bank of '{category}', but of {string.Join(", ", known)}");
        }

        try
        {
            return await banks.InTurnAsync(() => Task.FromResult(Swap(category)), cancellationToken);
        }
        catch (InvalidBankException e)
        {
            return new(CommandStatus.Failed, $"bank_unreadable: {e.Message}");
        }
        catch (InspectionStoreException e)
        {
            return new(CommandStatus.Failed, $"store_failed: {e.Message}");
        }
    }

    private CommandReply Swap(string category)
    {
        var standing = banks.Standing(category);
        if (standing?.Swap(time.GetUtcNow()) is not { } swapped)
        {
            return new(CommandStatus.Failed, $"nothing_to_roll_back: '{category}' has no bank before {standing?.Active.Id ?? "the present one"}. Publish the wanted version as desired, with an override where it is an older one");
        }

        var bank = CalibrationUpdate.Apply(library.Load(swapped.Active), swapped.Calibration);
        banks.Decide(swapped, bank, banks.Event(category, BankEventKind.RolledBack, standing.Active.Version, $"by_hand: '{swapped.Active.Id}' decides again") with { PackageSha256 = standing.Active.Sha256 });
        guard.End(category);
        return new(CommandStatus.Done, null, new RollbackReport(category, swapped.Active, swapped.Previous));
    }
}
