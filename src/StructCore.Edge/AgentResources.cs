using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Configuration;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge;

/// <summary>What an agent cannot start without: store, backbone, the banks of each station, in the configuration's order, and what it updates them with.</summary>
internal sealed record AgentResources(StoreClaim Claim, IInspectionStore Store, ImageScorer Scorer, BankLibrary Library, IReadOnlyList<BankSet> Banks, AgentUpdates Updates) : IDisposable
{
    /// <param name="inUse">The banks that the stations decide with, once there are stations.</param>
    /// <exception cref="InvalidConfigurationException">Something cannot be used; the message lists everything that can't.</exception>
    public static AgentResources Open(AgentConfiguration configuration, AdapterSet adapters, Func<IEnumerable<ProductBank>> inUse, UpdateFiles files, TimeProvider time, ILoggerFactory logs)
    {
        var options = configuration.Options;
        var errors = new List<string>();
        var library = new BankLibrary(options.Banks.Folder);
        var claim = Try("Store:Path", () => StoreClaim.Take(options.Store.Path), errors);
        var store = claim is null ? null : Try("Store:Path", () => adapters.OpenStore(options.Store.Path, time), errors);

        // The store knows which banks decide; without it only what is wrong with the files is told.
        var choice = store is null ? null : new StandingChoice(library, store, time, logs.CreateLogger<StandingChoice>());
        var banks = options.Stations.Select((s, i) => Try($"Stations:{i}", () => choice?.AtStart(s) ?? library.Load(s.Categories), errors)).ToArray();
        var scorer = Try("Models", () => ScorerFactory.Open(options.Models, banks.SelectMany(b => b ?? []).FirstOrDefault()?.Manifest.Backbone, time), errors);
        var snapshots = scorer is null ? [] : banks.Select((b, i) => b is null ? null : Try($"Stations:{i}", () => BankSet.Create(b, scorer.Backbone), errors)).ToArray();
        var updates = store is null ? null : Try("Updates", () => AgentUpdates.Open(options, store, inUse, files, time, logs), errors);
        if (errors.Count == 0)
        {
            return new(claim!, store!, scorer!, library, snapshots!, updates!);
        }

        scorer?.Dispose();
        store?.Dispose();
        claim?.Dispose();
        throw new InvalidConfigurationException(configuration.Path, errors);
    }

    public void Dispose()
    {
        Scorer.Dispose();
        Store.Dispose();
        Claim.Dispose();
    }

    private static T? Try<T>(string path, Func<T> open, List<string> errors)
        where T : class
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is InvalidBankException or InvalidBackboneException or ExecutionProviderException or InspectionStoreException or UpdateRefusedException or IOException or UnauthorizedAccessException)
        {
            errors.AddRange(e.Message.Split(Environment.NewLine).Select(line => $"{path}: {line}"));
            return null;
        }
    }
}
