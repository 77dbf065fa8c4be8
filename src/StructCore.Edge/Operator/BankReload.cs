using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Operator;

/// <summary><c>reload</c>: the banks that the standings name, and the newest of the folder where there is none, tried out and then swapped in whole between two inspections; where anything fails the old ones stay.</summary>
internal sealed class BankReload(StationOptions station, StandingChoice choice, StationBanks banks, InspectionPipeline pipeline, ILogger<BankReload> log)
{
    public async Task<CommandReply> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await banks.InTurnAsync(() => ReloadAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is InvalidBankException or InspectionStoreException)
        {
            return new(CommandStatus.Failed, $"reload_failed: {e.Message}");
        }
    }

    private async Task<CommandReply> ReloadAsync(CancellationToken cancellationToken)
    {
        var read = BankSet.Create(choice.AsTheyStand(station), banks.Backbone);
        var rehearsal = await pipeline.RehearseAsync(read, cancellationToken);
        if (rehearsal.Failures.Any())
        {
            return new(CommandStatus.Failed, $"reload_failed: {string.Join("; ", rehearsal.Failures)}");
        }

        banks.Reload(read);
        string[] ids = [.. read.Banks.Select(b => b.Manifest.Id)];
        log.BanksLoaded(station.Name, string.Join(", ", ids));
        return new(CommandStatus.Done, null, new ReloadReport(ids));
    }
}
