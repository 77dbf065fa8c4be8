using StructCore.Vision.Evaluation;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary>What <c>reliability</c> publishes; rates are fractions of 1.</summary>
/// <param name="Backbone">Its name.</param>
/// <param name="Splits">Random splits per category.</param>
/// <param name="Default">The calibration of <c>fit</c>.</param>
/// <param name="Rows">By category, calibration and nominal rate.</param>
/// <param name="Detection">By category and calibration.</param>
internal sealed record ReliabilityReport(string Backbone, int Splits, string Default, IReadOnlyList<ReliabilityReport.Row> Rows, IReadOnlyList<ReliabilityReport.Ranking> Detection)
{
    public static ReliabilityReport Of(IReadOnlyDictionary<string, IReadOnlyList<CandidateReliability>> categories, string backbone, int splits)
    {
        var results = categories.SelectMany(c => c.Value, (c, result) => (Category: c.Key, result.Candidate.Name, Result: result)).ToArray();
        return new ReliabilityReport(
            backbone,
            splits,
            CandidateCalibration.Of(new FitOptions()).Name,
            [.. results.SelectMany(r => r.Result.Rows, (r, row) => new Row(r.Category, r.Name, row.Nominal, row.Measured, row.Low, row.High, row.Miss, row.Trials))],
            [.. results.Select(r => new Ranking(r.Category, r.Name, r.Result.Auroc))]);
    }

    /// <summary>One line of the table.</summary>
    internal sealed record Row(string Category, string Calibration, double Nominal, double Measured, double Low, double High, double? Miss, int Trials);

    /// <summary>I-AUROC of the hybrid score, mean over the splits.</summary>
    internal sealed record Ranking(string Category, string Calibration, double? Auroc);
}
