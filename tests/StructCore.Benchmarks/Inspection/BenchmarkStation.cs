using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge;
using StructCore.Edge.Configuration;
using StructCore.Edge.Native;
using StructCore.Edge.Simulation;
using StructCore.Edge.Simulation.Demo;
using StructCore.Edge.Simulation.Products;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Inspection;

/// <summary>A whole agent in this process: a small bank fitted on rendered parts, a folder camera, the real store, a real broker beside it.</summary>
internal sealed class BenchmarkStation : IAsyncDisposable
{
    public const string Root = "sc/v1/bench/line/one/";

    private const int TrainImages = 6;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-overhead-");
    private readonly CancellationTokenSource _stop = new();
    private LoopbackBroker? _broker;
    private Agent? _agent;
    private Task _running = Task.CompletedTask;

    public int Port => _broker!.Port;

    public async Task StartAsync()
    {
        var adapters = new NativeAdapterSet();
        _broker = await LoopbackBroker.StartAsync(_folder.FullName, default);
        Fit(adapters.ImageCodec);
        _agent = Agent.Open(AgentConfiguration.Load(Configure()), adapters, TimeProvider.System, NullLoggerFactory.Instance);
        _running = _agent.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Fit(IImageCodec codec)
    {
        string Render(string folder, int seed)
        {
            var path = Path.Combine(Directory.CreateDirectory(PathOf(folder)).FullName, $"{seed}.png");
            File.WriteAllBytes(path, codec.EncodePng(ProductRenderer.Render(ProductKind.Flange, (ulong)seed).Image));
            return path;
        }

        using var extractor = OnnxFeatureExtractor.Open(Backbone);
        var fitter = new BankFitter(codec, extractor, new FitOptions { Frame = FrameMode.FullFrame, CoresetRatio = 0.05 });
        BankFile.Write(fitter.Fit("flange", [.. Enumerable.Range(100, TrainImages).Select(i => Render("train", i))]), PathOf("banks"), DateTimeOffset.UtcNow);
        _ = (Render("frames", 200), Render("frames", 201));
    }

    private string Configure()
    {
        var path = PathOf("station.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            Broker = new { Host = "127.0.0.1", Port },
            Store = new { Path = "store.db" },
            Banks = new { Folder = "banks" },
            Models = new { Folder = Path.GetDirectoryName(Backbone) },
            Stations = new[] { new { Site = "bench", Line = "line", Id = "one", Camera = "folder", QueueCapacity = 1000, DeadlineMs = 20_000 } },
            Cameras = new[] { new { Id = "folder", Kind = "folder", Source = "frames" } },
        }));
        return path;
    }

    private static string Backbone => Path.Combine(AppContext.BaseDirectory, "models", "proc-r10.onnx");
}
