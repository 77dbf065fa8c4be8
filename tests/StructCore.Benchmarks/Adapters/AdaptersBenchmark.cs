using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StructCore.Edge;
using StructCore.Edge.Benchmarking;

namespace StructCore.Benchmarks.Adapters;

/// <summary>How fast an adapter set is behind each seam: <c>StructCore.Benchmarks adapters</c>, once for each build.</summary>
internal static class AdaptersBenchmark
{
    private const int FewestCalls = 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var adapters = new Option<DirectoryInfo>("--adapters") { Description = "adapters folder of a build", DefaultValueFactory = _ => new(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../StructCore.Edge/release/adapters"))) };
        var images = new Option<string[]>("--images") { Description = "folders of images to decode, beside rendered ones", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "where the store is written: the disk that is measured", DefaultValueFactory = _ => new(Path.GetTempPath()) };
        var seconds = new Option<double>("--seconds") { Description = "how long each row is timed", DefaultValueFactory = _ => 4 };
        var json = new Option<FileInfo?>("--json") { Description = "file for the rows" };
        var command = new RootCommand("Speed of an adapter set behind each seam") { adapters, images, folder, seconds, json };
        command.SetAction(async (parsed, stopping) =>
        {
            var set = AdapterSet.Load(parsed.GetRequiredValue(adapters).FullName);
            var timer = new CallTimer(TimeProvider.System, TimeSpan.FromSeconds(parsed.GetValue(seconds)), FewestCalls);
            var report = await MeasureAsync(set, parsed.GetRequiredValue(images), timer, parsed.GetRequiredValue(folder).FullName, stopping);
            Print(report);
            if (parsed.GetValue(json) is { } file)
            {
                File.WriteAllText(file.FullName, JsonSerializer.Serialize(report, Json) + "\n");
            }
        });
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<AdaptersReport> MeasureAsync(AdapterSet set, IReadOnlyList<string> images, CallTimer timer, string under, CancellationToken stopping)
    {
        var folder = Path.Combine(under, $"structcore-adapters-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            SeamRow[] rows =
            [
                .. await BusSeam.MeasureAsync(set, timer, folder, stopping),
                .. StoreSeam.Measure(set, timer, folder, stopping),
                .. await ImageSeam.MeasureAsync(set, images, timer, folder, stopping),
            ];
            return new AdaptersReport(set.Name, [.. set.Libraries.Where(l => l.CameraKind is null).Select(l => $"{l.Name} {l.Version()}")], BenchMachine.Describe(0), rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(AdaptersReport report)
    {
        Console.WriteLine($"{report.Adapters}: {string.Join(", ", report.Libraries)}; {report.Machine.Cpu}, {report.Machine.Cores} cores");
        Console.WriteLine($"{"seam",-18} {"work",-70} {"ms",9} {"p99",9} {"a second",9} {"calls",7}");
        foreach (var row in report.Rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Seam,-18} {row.Work,-70} {row.MedianMs,9:F3} {row.P99Ms,9:F3} {row.PerSecond,9:F0} {row.Calls,7}"));
        }
    }
}
