using StructCore.Vision.Evaluation;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

[Trait("Suite", "golden")]
public sealed class MetricsGoldenTests
{
    public static TheoryData<string?> Cases => GoldenCase.Names("metrics");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metrics_OfScoresAndMaps_AreTheGoldenOnes(string? name)
    {
        var golden = GoldenCase.Open(name);
        if (!golden.HasOutput("values"))
        {
            // The section's other kind of case, masks on the map's grid, is Imaging's.
            Assert.True(golden.HasOutput("grid"));
            return;
        }

        var (labels, scores) = (golden.Input<byte>("labels"), golden.Input<float>("scores"));
        var image = RankingMetrics.Of(Where(scores, labels, 0), Where(scores, labels, 1));
        var (shape, masks, maps) = (golden.InputShape("maps"), golden.Input<byte>("masks"), golden.Input<float>("maps"));
        var size = shape[1] * shape[2];
        var pixels = new PixelScores(shape[0], size);
        for (var i = 0; i < shape[0]; i++)
        {
            pixels.Add(new AnomalyMap(shape[1], shape[2], maps.AsSpan(i * size, size).ToArray()), masks.AsSpan(i * size, size));
        }

        var pixel = pixels.Measure(golden.Parameters.GetProperty("fpr_limit").GetDouble())!;
        var values = new Dictionary<string, double>
        {
            ["i_auroc"] = image.Auroc,
            ["i_ap"] = image.AveragePrecision,
            ["i_f1_max"] = image.F1Max,
            ["p_auroc"] = pixel.Ranking.Auroc,
            ["p_ap"] = pixel.Ranking.AveragePrecision,
            ["p_f1_max"] = pixel.Ranking.F1Max,
            ["aupro"] = pixel.Aupro,
        };
        golden.AssertOutput<float>("values", [.. golden.Parameters.GetProperty("order").EnumerateArray().Select(key => (float)values[key.GetString()!])]);
    }

    private static float[] Where(float[] scores, byte[] labels, byte label) => [.. scores.Where((_, i) => labels[i] == label)];
}
