using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.Operator;

/// <summary><c>reload</c>: the newest banks of the folder, tried out and then swapped in whole between two inspections; where anything fails the old ones stay.</summary>
internal sealed class BankReload(string station, BankLibrary library, IReadOnlyCollection<string> categories, BackboneManifest backbone, InspectionPipeline pipeline, IInspectionStore store, TimeProvider time, ILogger<BankReload> log)
{
    public async Task<CommandReply> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var banks = BankSnapshot.Create(library.Load(categories), backbone);
            var rehearsal = await pipeline.RehearseAsync(banks, cancellationToken);
            if (rehearsal.Failures.Any())
            {
                return new(CommandStatus.Failed, $"reload_failed: {string.Join("; ", rehearsal.Failures)}");
            }

            CalibrationHistory.Record(store, banks.Banks, time);
            pipeline.Banks = banks;
            string[] ids = [.. banks.Banks.Select(b => b.Manifest.Id)];
            log.BanksLoaded(station, string.Join(", ", ids));
            return new(CommandStatus.Done, null, new ReloadReport(ids));
        }
        catch (Exception e) when (e is InvalidBankException or InspectionStoreException)
        {
            return new(CommandStatus.Failed, $"reload_failed: {e.Message}");
        }
    }
}
