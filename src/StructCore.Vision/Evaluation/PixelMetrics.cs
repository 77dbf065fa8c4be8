namespace StructCore.Vision.Evaluation;

/// <summary>How well anomaly maps find the defective pixels of a category (SPEC 9).</summary>
/// <param name="Ranking">AUROC, average precision and F1-max over all pixels.</param>
/// <param name="Aupro">Mean overlap per region, integrated over false positive rates of 0 to 0.3 and divided by 0.3; 0 to 1.</param>
public sealed record PixelMetrics(RankingMetrics Ranking, double Aupro);
