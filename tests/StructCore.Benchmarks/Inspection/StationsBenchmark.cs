using System.CommandLine;
using System.Diagnostics;
using StructCore.Benchmarks.Peers;
using StructCore.Edge.Inspection;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Benchmarks.Inspection;

/// <summary>Several stations on one machine, each decoding and scoring one image after the other: throughput, processor time and latency.</summary>
internal static class StationsBenchmark
{
    private const int WarmUps = 20;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var images = new Option<int>("--images") { Description = "per station", DefaultValueFactory = _ => 200 };
        var threads = new Option<int>("--threads") { Description = "as Models:Threads" };
        var batch = new Option<int>("--batch") { Description = "as Models:BatchSize" };
        var command = new RootCommand("Several stations on one machine") { images, threads, batch };
        command.SetAction(async (parsed, _) => await MeasureAsync(parsed.GetValue(images), new ModelOptions { Threads = parsed.GetValue(threads), BatchSize = parsed.GetValue(batch) }));
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task MeasureAsync(int images, ModelOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("structcore-stations-").FullName;
        try
        {
            var backbone = Path.Combine(folder, "resnet18.onnx");
            ResNetImporter.Import(SharedScrew.Network, backbone);
            var codec = new OpenCvImageCodec();
            options.Backbone = backbone;
            using var scorer = ScorerFactory.Open(options, null, TimeProvider.System);
            var bank = Fit(codec, backbone);
            var banks = BankSet.Create([bank], scorer.Backbone);
            var files = ImageFiles.In(SharedScrew.TestImages);
            Console.WriteLine($"{"stations",8} {"images/s",9} {"cpu ms",8} {"p50 ms",8} {"p99 ms",8} {"KB/image",9}");
            foreach (var stations in (int[])[1, 2, 4])
            {
                var shared = new SharedScorer(scorer, options, TimeProvider.System);
                await Task.WhenAll(Enumerable.Range(0, stations).Select(_ => RunAsync(shared, codec, banks, files, WarmUps)));
                using var self = Process.GetCurrentProcess();
                var (cpu, start, allocated) = (self.TotalProcessorTime, Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
                var latencies = (await Task.WhenAll(Enumerable.Range(0, stations).Select(_ => RunAsync(shared, codec, banks, files, images)))).SelectMany(l => l).Order().ToArray();
                var (seconds, kilobytes) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1000.0 / latencies.Length);
                self.Refresh();
                Console.WriteLine($"{stations,8} {latencies.Length / seconds,9:F1} {(self.TotalProcessorTime - cpu).TotalMilliseconds / latencies.Length,8:F2} {latencies[latencies.Length / 2],8:F2} {latencies[latencies.Length * 99 / 100],8:F2} {kilobytes,9:F1}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProductBank Fit(OpenCvImageCodec codec, string backbone)
    {
        using var extractor = OnnxFeatureExtractor.Open(backbone);
        return new BankFitter(codec, extractor, new FitOptions { CoresetRatio = 0.05, Frame = FrameMode.FullFrame }).Fit("screw", [.. ImageFiles.In(SharedScrew.GoodImages).Take(64)]);
    }

    private static Task<double[]> RunAsync(SharedScorer shared, OpenCvImageCodec codec, BankSet banks, IReadOnlyList<string> files, int images) => Task.Run(async () =>
    {
        var latencies = new double[images];
        for (var i = 0; i < images; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var frame = codec.Load(files[i % files.Count]);
            await shared.ScoreAsync(new ImageToScore(frame, banks), left: null, CancellationToken.None);
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return latencies;
    });
}
