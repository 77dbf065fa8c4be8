using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Operator;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge;

/// <summary>The agent: everything its configuration names, opened, checked together, and run until it is told to stop.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly AgentResources _resources;
    private readonly List<SharedCamera> _cameras;
    private readonly List<Station> _stations;
    private readonly List<Func<CancellationToken, Task>> _upkeep;
    private readonly StationServices _shared;
    private readonly ServiceReporter? _reporter;

    private Agent(AgentResources resources, List<SharedCamera> cameras, List<Station> stations, List<Func<CancellationToken, Task>> upkeep, StationServices shared, ServiceReporter? reporter) =>
        (_resources, _cameras, _stations, _upkeep, _shared, _reporter) = (resources, cameras, stations, upkeep, shared, reporter);

    /// <summary>Opens store, banks and backbone. Cameras and broker may come later and are waited for while it runs.</summary>
    /// <param name="files">How updates change the file system; null: as it is.</param>
    /// <exception cref="InvalidConfigurationException">Something cannot be used; the message lists everything that can't.</exception>
    public static Agent Open(AgentConfiguration configuration, AdapterSet adapters, TimeProvider time, ILoggerFactory logs, UpdateFiles? files = null)
    {
        logs.CreateLogger<Agent>().Starting(ProgramVersion.Describe(adapters), configuration.Path);
        var options = configuration.Options;
        List<Station> stations = [];
        var resources = AgentResources.Open(configuration, adapters, () => stations.SelectMany(s => s.Banks.Banks), files ?? new UpdateFiles(), time, logs);
        var (_, store, scorer, library, banks, updates) = resources;
        CalibrationHistory.Record(store, banks.SelectMany(b => b.Banks), time);
        var factory = new CameraFactory(adapters, time);
        var cameras = options.Cameras.Select(c => new SharedCamera(factory.Create(c), c, time, logs.CreateLogger<SharedCamera>())).ToList();
        var evidence = options.Evidence.Folder is null ? null : new EvidenceArchive(options.Evidence, store, time);
        var disk = new DiskGuard(options.Store.MinFreeMegabytes * 1_000_000L, Path.GetDirectoryName(options.Store.Path)!, evidence, DiskGuard.FreeBytes, time, logs.CreateLogger<DiskGuard>());
        var sharedScorer = new SharedScorer(scorer, options.Models, time);
        var replayer = new Replayer(store, evidence?.Folder, options.Banks.Folder, options.Models.Provider, adapters.ImageCodec, name => stations.Find(s => s.Name == name)?.Banks.Banks ?? [], _ => sharedScorer);
        var shared = new StationServices(store.NextAgentEpoch(), store, sharedScorer, library, cameras.ToDictionary(c => c.Id, StringComparer.Ordinal), adapters.CreateMessageBus, adapters.ImageCodec, evidence, disk, replayer, updates, time, logs) { Drift = options.Drift };
        shared.Health.Failed += disk.Wake;
        stations.AddRange(options.Stations.Select((s, i) => new Station(s, s.Broker ?? options.Broker, banks[i], shared)));
        List<Func<CancellationToken, Task>> upkeep = [disk.RunAsync, new RecordRetention(store, options.Store, options.LongestSession, time, logs.CreateLogger<RecordRetention>()).RunAsync];
        if (evidence is not null)
        {
            upkeep.Add(new EvidenceUpkeep(evidence, time, logs.CreateLogger<EvidenceUpkeep>()).RunAsync);
        }

        logs.CreateLogger<Agent>().Opened(scorer.Backbone.Name, shared.AgentEpoch, options.Stations, banks);
        var reporter = NotifySocket.FromEnvironment() is { } manager
            ? new ServiceReporter(manager, NotifySocket.Watchdog(), () => stations.Select(s => s.Report()), time, logs.CreateLogger<ServiceReporter>())
            : null;
        var agent = new Agent(resources, cameras, stations, upkeep, shared, reporter);
        shared.Instruments.Observe(agent);
        return agent;
    }

    /// <summary>How everything is at this moment; cheap enough to be asked several times a second.</summary>
    public AgentReport Report() => new(ProgramVersion.Number, _shared.AgentEpoch, OutboxSize, [.. _stations.Select(s => s.Report())]);

    public IReadOnlyList<Station> Stations => _stations;

    public IReadOnlyList<SharedCamera> Cameras => _cameras;

    /// <summary>Records that wait for the broker's acknowledgement; null where the store cannot tell.</summary>
    public long? OutboxSize => Ask(_shared.Store.OutboxSize);

    /// <summary>Null where the store cannot tell.</summary>
    public long? StoreBytes => Ask(_shared.Store.SizeBytes);

    public async Task RunAsync(CancellationToken stopping)
    {
        await using var shared = new LoopGroup();
        _cameras.ForEach(c => shared.Start(c.RunAsync));
        _upkeep.ForEach(shared.Start);
        if (_reporter is not null)
        {
            shared.Start(_reporter.RunAsync);
        }

        // One station that breaks takes the others down politely: the process ends with an error and is started again.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var told = stop.Token.Register(() => _reporter?.Stopping());
        await Task.WhenAll(_stations.Select(s => s.RunAsync(stop.Token)).Append(shared.Broken.WaitAsync(stop.Token)).Select(StopOthersAsync));

        async Task StopOthersAsync(Task task)
        {
            try
            {
                await task;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            finally
            {
                await stop.CancelAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shared.Instruments.Dispose();
        _stations.ForEach(s => s.Dispose());
        foreach (var camera in _cameras)
        {
            await camera.DisposeAsync();
        }

        _resources.Dispose();
    }

    private static long? Ask(Func<long> store)
    {
        try
        {
            return store();
        }
        catch (InspectionStoreException)
        {
            // The self-check of every station says so, with the reason.
            return null;
        }
    }
}
