using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StructCore.Benchmarks.Peers;
using StructCore.Edge.Benchmarking;
using StructCore.Edge.Native;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Simulation;
using StructCore.Edge.Simulation.Demo;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Triggers;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Inspection;

/// <summary>Host memory of an agent, as a process of its own, with a ViT-B/14 of real size and ten banks of 1 % of 320 images.</summary>
internal static class MemoryBenchmark
{
    private const int Banks = 10;
    private const int Rows = 2508;
    private const int Inspections = 10;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var backbone = new Option<string?>("--backbone") { Description = "ONNX file; none: a ViT-B/14 with random weights" };
        var command = new RootCommand("Host memory of an agent") { backbone };
        command.SetAction((parsed, stopping) => MeasureAsync(parsed.GetValue(backbone), stopping));
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> MeasureAsync(string? backbone, CancellationToken stopping)
    {
        var folder = Directory.CreateTempSubdirectory("structcore-memory-").FullName;
        try
        {
            backbone ??= MakeBackbone(folder);
            WriteBanks(folder, BackboneManifestFile.Read(backbone));
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "frames")).FullName, "1.png"), new NativeAdapterSet().ImageCodec.EncodePng(ProductRenderer.Render(ProductKind.Flange, 1).Image));
            await using var broker = await LoopbackBroker.StartAsync(folder, stopping);
            var agent = ChildProcess.Start(Executable, ["run", "--config", Configure(folder, backbone, broker.Port)], Path.Combine(folder, "agent.log"));
            await using var ends = agent;
            var verdicts = await InspectAsync(broker.Port, agent, stopping);
            Console.WriteLine($"{verdicts} inspections; peak {Status(agent, "VmHWM")} MB, now {Status(agent, "VmRSS")} MB, of it files {Status(agent, "RssFile")} MB, anonymous {Status(agent, "RssAnon")} MB");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // artifacts/bin/NAME/release: the program lies beside the benchmarks.
    private static string Executable => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../StructCore.Edge/release/structcore"));

    private static string MakeBackbone(string folder)
    {
        var (weights, onnx) = (Path.Combine(folder, "random.safetensors"), Path.Combine(folder, "random-vit-b14.onnx"));
        DinoV2RandomWeights.Write(weights, DinoV2Size.Base, seed: 1);
        DinoV2Importer.Import(weights, onnx);
        File.Delete(weights);
        return onnx;
    }

    private static void WriteBanks(string folder, BackboneManifest backbone)
    {
        using var features = new PatchFeatures(backbone.Grid, backbone.Grid, backbone.Width, SyntheticFeatures.Of(backbone.Grid * backbone.Grid, backbone.Width, seed: 1));
        foreach (var bank in SyntheticBanks.Create(backbone, [features], Rows, Banks))
        {
            BankFile.Write(bank, Path.Combine(folder, "banks"), DateTimeOffset.UtcNow);
        }
    }

    private static string Configure(string folder, string backbone, int port)
    {
        var path = Path.Combine(folder, "station.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new
        {
            Broker = new { Host = "127.0.0.1", Port = port },
            Store = new { Path = "store.db" },
            Banks = new { Folder = "banks" },
            Models = new { Backbone = Path.GetFullPath(backbone) },
            Stations = new[] { new { Site = "bench", Line = "line", Id = "one", Camera = "folder", DeadlineMs = 60_000 } },
            Cameras = new[] { new { Id = "folder", Kind = "folder", Source = "frames" } },
        }));
        return path;
    }

    private static async Task<int> InspectAsync(int port, ChildProcess agent, CancellationToken stopping)
    {
        await using var plc = new MosquittoMessageBus();
        using var verdicts = new SemaphoreSlim(0);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        plc.Received = message =>
        {
            if (message.Topic.EndsWith("/verdict", StringComparison.Ordinal))
            {
                verdicts.Release();
            }
            else if (JsonDocument.Parse(message.Payload).RootElement.GetProperty("state").GetString() == "ready")
            {
                ready.TrySetResult();
            }
        };
        await plc.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = port, ClientId = "plc" }, stopping);
        await plc.SubscribeAsync(BenchmarkStation.Root + "verdict", QualityOfService.AtLeastOnce, stopping);
        await plc.SubscribeAsync(BenchmarkStation.Root + "state", QualityOfService.AtLeastOnce, stopping);
        var ended = agent.WaitForExitAsync(stopping);
        if (await Task.WhenAny(ready.Task, ended) == ended)
        {
            throw new InvalidOperationException($"The agent ended: {agent.Tail}");
        }

        for (var i = 0; i < Inspections; i++)
        {
            await plc.PublishAsync(new BusMessage(BenchmarkStation.Root + "trigger", Encoding.UTF8.GetBytes($$"""{"plc_epoch": 1, "trigger_id": {{i}}}""")), stopping);
            await verdicts.WaitAsync(stopping);
        }

        return Inspections;
    }

    /// <summary>A line of Linux' account of a process, in MB.</summary>
    private static string Status(ChildProcess process, string key)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(key + ":", StringComparison.Ordinal));
        return (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1.024 / 1000).ToString("F0", CultureInfo.InvariantCulture);
    }
}
