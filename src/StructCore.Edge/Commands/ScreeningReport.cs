using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>The result of <c>screen</c>, as its JSON file holds it: images from the most to the least suspicious, areas as fractions of 1.</summary>
internal sealed record ScreeningReport(string Backbone, float Limit, double? Auroc, double? RefinedAuroc, IReadOnlyList<ScreeningReport.Row> Images)
{
    public IEnumerable<Row> ProposedImages() => Images.Where(i => i.Proposed);

    public static ScreeningReport Of(IReadOnlyList<BatchImage> batch, IReadOnlyList<ScreenedImage> screened, GoodProposal proposal, string backbone)
    {
        var ranked = batch.Zip(screened).OrderByDescending(p => p.Second.Score).ThenBy(p => p.First.Path, StringComparer.Ordinal);
        Row[] rows = [.. ranked.Select((p, i) => new Row(i + 1, p.First.Path, p.Second.Score, p.Second.Refined, proposal.Keeps(p.Second), p.First.Defective))];
        return new ScreeningReport(backbone, proposal.Limit, AreaUnder(rows, r => r.Score), AreaUnder(rows, r => r.Refined), rows);
    }

    private static double? AreaUnder(Row[] rows, Func<Row, float> score)
    {
        var (good, defective) = (Scores(false), Scores(true));
        return good.Length > 0 && defective.Length > 0 ? RankingMetrics.Of(good, defective).Auroc : null;

        float[] Scores(bool wanted) => [.. rows.Where(r => r.Defective == wanted).Select(score)];
    }

    /// <summary>One image.</summary>
    public sealed record Row(int Rank, string Image, float Score, float Refined, bool Proposed, bool? Defective);
}
