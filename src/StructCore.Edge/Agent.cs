using Microsoft.Extensions.Logging;
using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Operator;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge;

/// <summary>The agent: everything its configuration names, opened, checked together, and run until it is told to stop.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly List<SharedCamera> _cameras;
    private readonly List<Station> _stations;
    private readonly List<Func<CancellationToken, Task>> _upkeep;
    private readonly StationServices _shared;
    private readonly IFeatureExtractor _extractor;
    private readonly StoreClaim _claim;
    private readonly ServiceReporter? _reporter;

    private Agent(List<SharedCamera> cameras, List<Station> stations, List<Func<CancellationToken, Task>> upkeep, StationServices shared, IFeatureExtractor extractor, StoreClaim claim, ServiceReporter? reporter) =>
        (_cameras, _stations, _upkeep, _shared, _extractor, _claim, _reporter) = (cameras, stations, upkeep, shared, extractor, claim, reporter);

    /// <summary>Opens store, banks and backbone. Cameras and broker may come later and are waited for while it runs.</summary>
    /// <exception cref="InvalidConfigurationException">Something cannot be used; the message lists everything that can't.</exception>
    public static Agent Open(AgentConfiguration configuration, AdapterSet adapters, TimeProvider time, ILoggerFactory logs)
    {
        logs.CreateLogger<Agent>().Starting(ProgramVersion.Describe(adapters), configuration.Path);
        var options = configuration.Options;
        var errors = new List<string>();
        var library = new BankLibrary(options.Banks.Folder);
        var banks = options.Stations.Select((s, i) => Try($"Stations:{i}", () => library.Load(s.Categories), errors)).ToArray();
        var extractor = Try("Models", () => ExtractorFactory.Open(options.Models, banks.SelectMany(b => b ?? []).FirstOrDefault()?.Manifest.Backbone), errors);
        var snapshots = extractor is null ? [] : banks.Select((b, i) => b is null ? null : Try($"Stations:{i}", () => BankSnapshot.Create(b, extractor.Backbone), errors)).ToArray();
        var claim = Try("Store:Path", () => StoreClaim.Take(options.Store.Path), errors);
        var store = claim is null ? null : Try("Store:Path", () => adapters.OpenStore(options.Store.Path, time), errors);
        if (errors.Count > 0 || extractor is null || store is null || claim is null)
        {
            extractor?.Dispose();
            store?.Dispose();
            claim?.Dispose();
            throw new InvalidConfigurationException(configuration.Path, errors);
        }

        CalibrationHistory.Record(store, snapshots.SelectMany(s => s!.Banks), time);
        var factory = new CameraFactory(adapters, time);
        var cameras = options.Cameras.Select(c => new SharedCamera(factory.Create(c), c, time, logs.CreateLogger<SharedCamera>())).ToList();
        var evidence = options.Evidence.Folder is null ? null : new EvidenceArchive(options.Evidence, store, time);
        var disk = new DiskGuard(options.Store.MinFreeMegabytes * 1_000_000L, Path.GetDirectoryName(options.Store.Path)!, evidence, DiskGuard.FreeBytes, time, logs.CreateLogger<DiskGuard>());
        var sharedExtractor = new SharedExtractor(extractor);
        List<Station> stations = [];
        var replayer = new Replayer(store, evidence?.Folder, options.Banks.Folder, options.Models.Provider, adapters.ImageCodec, name => stations.Find(s => s.Name == name)?.Banks.Banks ?? [], _ => sharedExtractor);
        var shared = new StationServices(store.NextAgentEpoch(), store, sharedExtractor, library, cameras.ToDictionary(c => c.Id, StringComparer.Ordinal), adapters.CreateMessageBus, adapters.ImageCodec, evidence, disk, replayer, time, logs);
        shared.Health.Failed += disk.Wake;
        stations.AddRange(options.Stations.Select((s, i) => new Station(s, s.Broker ?? options.Broker, snapshots[i]!, shared)));
        List<Func<CancellationToken, Task>> upkeep = [disk.RunAsync, new RecordRetention(store, options.Store, options.LongestSession, time, logs.CreateLogger<RecordRetention>()).RunAsync];
        if (evidence is not null)
        {
            upkeep.Add(new EvidenceUpkeep(evidence, time, logs.CreateLogger<EvidenceUpkeep>()).RunAsync);
        }

        logs.CreateLogger<Agent>().Opened(extractor.Backbone.Name, shared.AgentEpoch, options.Stations, snapshots!);
        var reporter = NotifySocket.FromEnvironment() is { } manager
            ? new ServiceReporter(manager, NotifySocket.Watchdog(), () => stations.Select(s => s.Report()), time, logs.CreateLogger<ServiceReporter>())
            : null;
        var agent = new Agent(cameras, stations, upkeep, shared, extractor, claim, reporter);
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

        _extractor.Dispose();
        _shared.Store.Dispose();
        _claim.Dispose();
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

    private static T? Try<T>(string path, Func<T> open, List<string> errors)
        where T : class
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is InvalidBankException or InvalidBackboneException or ExecutionProviderException or InspectionStoreException)
        {
            errors.AddRange(e.Message.Split(Environment.NewLine).Select(line => $"{path}: {line}"));
            return null;
        }
    }
}
