using System.Globalization;
using StructCore.Vision.Evaluation;
using static StructCore.Edge.Commands.ResultTable;

namespace StructCore.Edge.Commands;

/// <summary>An evaluation as tables, rates in percent.</summary>
internal static class EvaluationTables
{
    private const string MeanRow = "mean";

    public static void Write(EvaluationReport report, TextWriter output)
    {
        WriteImageLevel(report, output);
        WriteReliability(report, output);
        WritePixelLevel(report, output);
        WriteRouting(report, output);
        var time = report.Milliseconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Milliseconds per image: decode {time.Decode:F1}, features {time.Features:F1}, routing {time.Routing:F1}, score {time.Score:F1}, whole {time.Whole:F1}."));
    }

    private static void WriteImageLevel(EvaluationReport report, TextWriter output)
    {
        var table = Create(6, "category", "score", "AUROC", "AP", "F1 max", "threshold", "false rejects", "misses");
        foreach (var (name, category) in report.Categories)
        {
            AddKinds(name, category.Base, category.Struct, category.Hybrid);
        }

        if (report.Categories.Count > 1)
        {
            AddKinds(MeanRow, report.Mean.Base, report.Mean.Struct, report.Mean.Hybrid);
        }

        ResultTable.Write("Images, in percent", table, output);

        void AddKinds(string name, ScoreReport @base, ScoreReport @struct, ScoreReport hybrid)
        {
            foreach (var (kind, score) in new[] { ("base", @base), ("struct", @struct), ("hybrid", hybrid) })
            {
                table.Add(name, kind, Percent(score.Auroc), Percent(score.Ap), Percent(score.F1Max), Number(score.Threshold), Percent(score.FalseReject), Percent(score.Miss));
            }
        }
    }

    private static void WriteReliability(EvaluationReport report, TextWriter output)
    {
        var table = ReliabilityOutput.CreateTable("category");
        foreach (var (name, category) in report.Categories)
        {
            foreach (var row in category.Reliability ?? [])
            {
                ReliabilityOutput.Add(table, row, name);
            }
        }

        ResultTable.Write(ReliabilityOutput.Title, table, output);
        foreach (var (name, _) in report.Categories.Where(c => c.Value.Reliability is null))
        {
            output.WriteLine($"No reliability of {name}: its bank was fitted by an older program and kept no normal scores, or no test image is good.");
        }
    }

    private static void WritePixelLevel(EvaluationReport report, TextWriter output)
    {
        var table = Create(6, "category", "AUROC", "AP", "F1 max", "AUPRO", "train images", "bank rows");
        foreach (var (name, category) in report.Categories)
        {
            AddPixel(name, category.Pixel, category.TrainImages.ToString(CultureInfo.InvariantCulture), category.BankRows.ToString(CultureInfo.InvariantCulture));
        }

        if (report.Categories.Count > 1)
        {
            AddPixel(MeanRow, report.Mean.Pixel, "", "");
        }

        ResultTable.Write("Pixels, in percent, and banks", table, output);

        void AddPixel(string name, PixelReport? pixel, string trainImages, string bankRows) =>
            table.Add(name, Percent(pixel?.Auroc), Percent(pixel?.Ap), Percent(pixel?.F1Max), Percent(pixel?.Aupro), trainImages, bankRows);
    }

    private static void WriteRouting(EvaluationReport report, TextWriter output)
    {
        string[] routedTo = [.. report.Routing.Confusion.Values.SelectMany(r => r.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var table = Create(routedTo.Length, ["category", .. routedTo]);
        foreach (var (name, routed) in report.Routing.Confusion)
        {
            table.Add([name, .. routedTo.Select(to => routed.GetValueOrDefault(to).ToString(CultureInfo.InvariantCulture))]);
        }

        ResultTable.Write($"Images by category and where they were routed: {Percent(report.Routing.Accuracy)} % right", table, output);

        var unknown = Create(3, "category", "good refused", "defective refused", "caught without its bank");
        foreach (var (name, images) in report.Routing.Unknown)
        {
            unknown.Add(name, Percent(images.RefusedGood), Percent(images.RefusedDefective), Percent(images.Caught));
        }

        ResultTable.Write("Refused as an unknown product, in percent", unknown, output);
    }
}
