using Spectre.Console;
using StructCore.Vision.Evaluation;
using static StructCore.Edge.Commands.ResultTable;

namespace StructCore.Edge.Commands;

/// <summary>Reliability tables: what a threshold promises beside what it keeps.</summary>
internal static class ReliabilityOutput
{
    public const string Title = "False rejects and misses in percent at thresholds made for a nominal rate of false rejects";

    public static void Write(ReliabilityReport report, TextWriter output)
    {
        var table = CreateTable("category", "calibration");
        foreach (var row in report.Rows)
        {
            Add(table, new ReliabilityRow(row.Nominal, row.Measured, row.Low, row.High, row.Miss, row.Trials), row.Category, row.Calibration);
        }

        ResultTable.Write($"{Title}, {report.Splits} random splits, {report.Backbone}", table, output);
        var detection = Create(1, "category", "calibration", "AUROC");
        foreach (var row in report.Detection)
        {
            detection.Add(row.Category, row.Calibration, Percent(row.Auroc));
        }

        ResultTable.Write("Images, hybrid score, mean over the splits, in percent", detection, output);
        output.WriteLine($"fit calibrates by: {report.Default}.");
    }

    /// <summary>A table whose rows are told apart by columns of these names.</summary>
    public static Table CreateTable(params string[] names) => Create(6, [.. names, "nominal", "measured", "from", "to", "good images", "misses"]);

    public static void Add(Table table, ReliabilityRow row, params string[] names) => table.Add(
        [.. names, Percent(row.Nominal), Percent(row.Measured), Percent(row.Low), Percent(row.High), $"{row.Trials}", Percent(row.Miss)]);
}
