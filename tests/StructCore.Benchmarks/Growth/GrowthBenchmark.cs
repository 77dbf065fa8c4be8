using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using StructCore.Edge.Benchmarking;

namespace StructCore.Benchmarks.Growth;

/// <summary>How time and memory of fit and score grow with images, bank rows and categories: <c>StructCore.Benchmarks growth</c>. Every point has a process of its own.</summary>
internal static class GrowthBenchmark
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static int Run(IReadOnlyList<string> arguments)
    {
        var json = new Option<FileInfo?>("--json") { Description = "file for the points" };
        var svg = new Option<FileInfo?>("--svg") { Description = "file for the plot" };
        var from = new Option<FileInfo?>("--from") { Description = "draw the points of an earlier --json, and measure nothing" };
        var largest = new Option<int>("--largest") { Description = "leave out what is larger", DefaultValueFactory = _ => int.MaxValue };
        var point = new Option<string[]>("--point") { Description = "measure one point, as WORK AXIS SIZE, in this process", Arity = new(3, 3), AllowMultipleArgumentsPerToken = true, Hidden = true };
        var command = new RootCommand("How time and memory grow with images, bank rows and categories") { json, svg, from, largest, point };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(point) is [var work, var axis, var size])
            {
                Console.WriteLine(JsonSerializer.Serialize(GrowthWork.Measure(work, axis, int.Parse(size, System.Globalization.CultureInfo.InvariantCulture))));
                return 0;
            }

            var growth = parsed.GetValue(from) is { } earlier
                ? JsonSerializer.Deserialize<GrowthReport>(File.ReadAllBytes(earlier.FullName), Json)!
                : new GrowthReport(BenchMachine.Describe(0), MeasureAll(parsed.GetValue(largest)));
            if (parsed.GetValue(json) is { } file)
            {
                File.WriteAllText(file.FullName, JsonSerializer.Serialize(growth, Json) + "\n");
            }

            if (parsed.GetValue(svg) is { } plot)
            {
                File.WriteAllText(plot.FullName, GrowthPlot.Draw(growth));
            }

            return 0;
        });
        return command.Parse(arguments).Invoke();
    }

    private static List<GrowthPoint> MeasureAll(int largest)
    {
        Console.WriteLine($"{"work",-6} {"axis",-11} {"size",8} {"ms",12} {"peak MB",9}");
        var points = new List<GrowthPoint>();
        foreach (var (work, axis, size) in GrowthWork.Points.Where(p => p.Size <= largest))
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, ["growth", "--point", work, axis, $"{size}"]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"Measuring {work} at {size} {axis} ended with {process.ExitCode}; what it says stands above.");
            }

            var measured = JsonSerializer.Deserialize<GrowthPoint>(answer)!;
            points.Add(measured);
            Console.WriteLine($"{work,-6} {axis,-11} {size,8:N0} {measured.Milliseconds,12:N1} {measured.PeakMegabytes,9:N0}");
        }

        return points;
    }
}
