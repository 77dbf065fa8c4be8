using System.Globalization;
using System.Text.Json;
using StructCore.Edge.Benchmarking;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>The file of an earlier run, to compare with.</summary>
internal sealed class BenchReportFile
{
    private readonly string _path;
    private readonly BenchReport _report;

    private BenchReportFile(string path, BenchReport report) => (_path, _report) = (path, report);

    /// <exception cref="CommandFailedException">No report of this version's schema.</exception>
    public static BenchReportFile Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var schema = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("schema", out var number) ? number.GetRawText() : "none";
            return schema == BenchReport.CurrentSchema.ToString(CultureInfo.InvariantCulture)
                ? new BenchReportFile(path, JsonOutput.Parse<BenchReport>(json))
                : throw new CommandFailedException($"'{path}' has schema {schema}; this version compares {BenchReport.CurrentSchema}. Measure again with 'structcore bench --json'.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"'{path}' cannot be compared with: {e.Message} It must be what 'structcore bench --json' wrote.", e);
        }
    }

    /// <exception cref="CommandFailedException">Measured with another backbone.</exception>
    public void RequireBackbone(BackboneManifest backbone)
    {
        if (_report.Setup.BackboneSha256 != backbone.Sha256)
        {
            throw new CommandFailedException(
                $"'{_path}' was measured with backbone '{_report.Setup.Backbone}' (sha256 {_report.Setup.BackboneSha256[..12]}), this run is to use '{backbone.Name}' ({backbone.Sha256[..12]}). Name that one with --backbone, or compare with another file.");
        }
    }

    /// <summary>Ratios of <paramref name="now"/> to the earlier run, and what makes them mean less.</summary>
    public void Compare(BenchReport now, TextWriter output)
    {
        var table = ResultTable.Create(6, "stage", "batch", "ms before", "ms now", "ratio", "ratio of p99", "ratio of bytes");
        foreach (var row in now.Rows)
        {
            if (_report.Rows.FirstOrDefault(r => r.Stage == row.Stage && r.Batch == row.Batch) is { } before)
            {
                table.Add(
                    row.Stage, row.Batch.ToString(CultureInfo.InvariantCulture), ResultTable.Number(before.MedianMs), ResultTable.Number(row.MedianMs),
                    Ratio(row.MedianMs, before.MedianMs), Ratio(row.P99Ms, before.P99Ms), Ratio(row.AllocatedBytesPerImage, before.AllocatedBytesPerImage));
            }
        }

        ResultTable.Write($"Against {_path}: below 1 is less now", table, output);
        output.WriteLine($"Peak memory: ratio {Ratio(now.PeakMegabytes, _report.PeakMegabytes)}.");
        foreach (var (what, was, @is) in Differences(now).Where(d => !Equals(d.Was, d.Is)))
        {
            output.WriteLine($"Warning: {what} was {was ?? "none"}, is {@is ?? "none"}: the ratios tell of that too.");
        }
    }

    private IEnumerable<(string What, object? Was, object? Is)> Differences(BenchReport now)
    {
        var ((before, machine), (setup, setupNow)) = ((_report.Machine, now.Machine), (_report.Setup, now.Setup));
        return
        [
            ("the processor", before.Cpu, machine.Cpu),
            ("the number of cores", before.Cores, machine.Cores),
            ("the GPU", before.Gpu, machine.Gpu),
            ("ONNX Runtime", before.OnnxRuntime, machine.OnnxRuntime),
            ("the provider", setup.Provider, setupNow.Provider),
            ("the precision", setup.Precision, setupNow.Precision),
            ("the number of threads", setup.Threads, setupNow.Threads),
            ("the frame", $"{setup.FrameHeight} x {setup.FrameWidth}, {setup.Frames}", $"{setupNow.FrameHeight} x {setupNow.FrameWidth}, {setupNow.Frames}"),
            ("the bank", $"{setup.Categories} x {setup.BankRows} rows", $"{setupNow.Categories} x {setupNow.BankRows} rows"),
        ];
    }

    private static string Ratio(double? now, double? before) => before > 0 && now is { } n ? (n / before.Value).ToString("F3", CultureInfo.InvariantCulture) : "-";
}
