using System.Globalization;
using StructCore.Edge.Benchmarking;

namespace StructCore.Edge.Commands;

/// <summary>A run of <c>bench</c> as a table.</summary>
internal static class BenchTables
{
    public static void Write(BenchReport report, TextWriter output)
    {
        var (machine, setup) = (report.Machine, report.Setup);
        output.WriteLine($"{machine.Program}, ONNX Runtime {machine.OnnxRuntime}, {machine.Dotnet}, {machine.System}");
        output.WriteLine($"{machine.Cpu}, {machine.Cores} cores{(machine.Gpu is { } gpu ? $", {gpu}" : "")}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{setup.Backbone} on {setup.Provider} in {setup.Precision}, frames of {setup.FrameHeight} x {setup.FrameWidth} ({setup.Frames}), {setup.Categories} bank(s) of {setup.BankRows:N0} x {setup.BankWidth} ({setup.Bank})"));
        var table = ResultTable.Create(7, "stage", "batch", "ms", "p99 ms", "ms per image", "images/s", "calls", "bytes per image");
        foreach (var row in report.Rows)
        {
            table.Add(
                row.Stage, Whole(row.Batch), ResultTable.Number(row.MedianMs), ResultTable.Number(row.P99Ms), ResultTable.Number(row.MedianMs / row.Batch),
                ResultTable.Number(row.ImagesPerSecond), Whole(row.Calls), row.AllocatedBytesPerImage is { } bytes ? bytes.ToString("N0", CultureInfo.InvariantCulture) : "-");
        }

        ResultTable.Write("Median and 99th percentile of a call, which takes the whole batch; managed bytes allocated", table, output);
        foreach (var reason in report.LeftOut)
        {
            output.WriteLine($"Left out: {reason}.");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Peak memory of the process: {report.PeakMegabytes:N0} MB."));
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
