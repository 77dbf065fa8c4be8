using Microsoft.Extensions.Logging;
using StructCore.Edge.Cameras;
using StructCore.Edge.Configuration;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge;

/// <summary>The agent: everything its configuration names, opened, checked together, and run until it is told to stop.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly List<SharedCamera> _cameras;
    private readonly List<Station> _stations;
    private readonly IInspectionStore _store;
    private readonly IFeatureExtractor _extractor;

    private Agent(List<SharedCamera> cameras, List<Station> stations, IInspectionStore store, IFeatureExtractor extractor) =>
        (_cameras, _stations, _store, _extractor) = (cameras, stations, store, extractor);

    /// <summary>Opens store, banks and backbone. Cameras and broker may come later and are waited for while it runs.</summary>
    /// <exception cref="InvalidConfigurationException">Something cannot be used; the message lists everything that can't.</exception>
    public static Agent Open(AgentConfiguration configuration, AdapterSet adapters, TimeProvider time, ILoggerFactory logs)
    {
        var options = configuration.Options;
        var errors = new List<string>();
        var library = new BankLibrary(options.Banks.Folder);
        var banks = options.Stations.Select((s, i) => Try($"Stations:{i}", () => library.Load(s.Categories), errors)).ToArray();
        var extractor = Try("Models", () => OpenExtractor(options.Models, banks), errors);
        var snapshots = extractor is null ? [] : banks.Select((b, i) => b is null ? null : Try($"Stations:{i}", () => BankSnapshot.Create(b, extractor.Backbone), errors)).ToArray();
        var store = Try("Store:Path", () => adapters.OpenStore(options.Store.Path, time), errors);
        if (errors.Count > 0 || extractor is null || store is null)
        {
            extractor?.Dispose();
            store?.Dispose();
            throw new InvalidConfigurationException(configuration.Path, errors);
        }

        CalibrationHistory.Record(store, snapshots.SelectMany(s => s!.Banks), time);
        var factory = new CameraFactory(adapters, time);
        var cameras = options.Cameras.Select(c => new SharedCamera(factory.Create(c), c, time, logs.CreateLogger<SharedCamera>())).ToList();
        var shared = new StationServices(store.NextAgentEpoch(), store, new SharedExtractor(extractor), library, cameras.ToDictionary(c => c.Id, StringComparer.Ordinal), adapters.CreateMessageBus, adapters.ImageCodec, options.Evidence.Folder, time, logs);
        var stations = options.Stations.Select((s, i) => new Station(s, s.Broker ?? options.Broker, snapshots[i]!, shared)).ToList();
        logs.CreateLogger<Agent>().Opened(extractor.Backbone.Name, shared.AgentEpoch, options.Stations, snapshots!);
        return new(cameras, stations, store, extractor);
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        await using var cameras = new LoopGroup();
        _cameras.ForEach(c => cameras.Start(c.RunAsync));

        // One station that breaks takes the others down politely: the process ends with an error and is started again.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAll(_stations.Select(s => s.RunAsync(stop.Token)).Append(cameras.Broken.WaitAsync(stop.Token)).Select(StopOthersAsync));

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
        _stations.ForEach(s => s.Dispose());
        foreach (var camera in _cameras)
        {
            await camera.DisposeAsync();
        }

        _extractor.Dispose();
        _store.Dispose();
    }

    private static IFeatureExtractor OpenExtractor(ModelOptions options, IEnumerable<IReadOnlyList<ProductBank>?> banks)
    {
        var fittedWith = banks.SelectMany(b => b ?? []).FirstOrDefault()?.Manifest.Backbone;
        var folders = new BackboneFolders([options.Folder, Path.Combine(AppContext.BaseDirectory, "models")]);
        return OnnxFeatureExtractor.Open(folders.Find(options.Backbone ?? fittedWith), new() { Provider = options.Provider, Device = options.Device, Threads = options.Threads });
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
