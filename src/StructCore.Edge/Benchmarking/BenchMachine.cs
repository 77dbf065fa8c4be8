using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using StructCore.Vision.Features;

namespace StructCore.Edge.Benchmarking;

/// <summary>What was measured on: programs and hardware.</summary>
internal sealed record BenchMachine
{
    private const string Processors = "/proc/cpuinfo";

    public required string Program { get; init; }

    public required string OnnxRuntime { get; init; }

    public required string Dotnet { get; init; }

    public required string System { get; init; }

    public required string Cpu { get; init; }

    /// <summary>Logical processors this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>As its driver names it; absent where there is none.</summary>
    public string? Gpu { get; init; }

    /// <param name="device">Index of the GPU.</param>
    public static BenchMachine Describe(int device) => new()
    {
        Program = ProgramVersion.Number,
        OnnxRuntime = OnnxFeatureExtractor.RuntimeVersion,
        Dotnet = RuntimeInformation.FrameworkDescription,
        System = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        Cpu = CpuName(),
        Cores = Environment.ProcessorCount,
        Gpu = GpuName(device),
    };

    private static string CpuName()
    {
        var line = File.Exists(Processors) ? File.ReadLines(Processors).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string? GpuName(int device)
    {
        try
        {
            var start = new ProcessStartInfo("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader", $"--id={device}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var name = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 && name.Length > 0 ? name : null;
        }
        catch (Win32Exception)
        {
            // There is no such program, and so no driver.
            return null;
        }
    }
}
