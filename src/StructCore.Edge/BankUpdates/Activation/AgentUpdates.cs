using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Configuration;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What the stations of one agent share for their updates.</summary>
/// <param name="Trust">Null: there are no remote updates.</param>
/// <param name="Server">Where packages lie; null: they come through each station's broker.</param>
internal sealed record AgentUpdates(UpdateOptions Options, AgentTrust? Trust, PackageFetcher Fetcher, PackageSource? Server, BankShelf Shelf, UpdateFiles Files)
{
    private readonly ConcurrentBag<StationBanks> _stations = [];

    /// <param name="banks">The banks that the stations decide with at any moment.</param>
    /// <exception cref="UpdateRefusedException">The trust file holds no trust.</exception>
    /// <exception cref="IOException">The trust file cannot be read.</exception>
    public static AgentUpdates Open(AgentOptions options, IInspectionStore store, Func<IEnumerable<ProductBank>> banks, UpdateFiles files, TimeProvider time, ILoggerFactory logs)
    {
        var updates = options.Updates;
        return new(
            updates,
            updates.TrustFile is { } file ? AgentTrust.Open(file, store, time, logs.CreateLogger<AgentTrust>()) : null,
            new PackageFetcher(updates, options.Store.MinFreeMegabytes * 1_000_000L, files, DiskGuard.FreeBytes),
            updates.BaseUrl is null ? null : new HttpPackageSource(updates, time),
            new BankShelf(options.Banks.Folder, updates.Folder, updates.KeepVersions, files, store, banks, logs.CreateLogger<BankShelf>()),
            files);
    }

    /// <summary>Takes a station into account whose banks lie in the same folder.</summary>
    public void Add(StationBanks station) => _stations.Add(station);

    /// <summary>Has every station hold on to what it decides with in a category; not to be called in any station's turn.</summary>
    public async Task PinAsync(string category, BankIdentity coming, CancellationToken cancellationToken)
    {
        foreach (var station in _stations)
        {
            await station.InTurnAsync(
                () =>
                {
                    station.Pin(category, coming);
                    return Task.FromResult(true);
                },
                cancellationToken);
        }
    }

    public PackageSource SourceOf(StationTopics topics, Func<IMessageBus> createBus, Func<BusConnection> describe, TimeProvider time) =>
        Server ?? new ChunkPackageSource(createBus, describe, topics, TimeSpan.FromSeconds(Options.StallSeconds), time);
}
