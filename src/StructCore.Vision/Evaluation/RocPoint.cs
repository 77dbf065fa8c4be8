namespace StructCore.Vision.Evaluation;

/// <summary>One point of a ROC curve.</summary>
/// <param name="FalsePositiveRate">Share of good samples at or above the threshold, 0 to 1.</param>
/// <param name="TruePositiveRate">Share of defective samples at or above the threshold, 0 to 1.</param>
public readonly record struct RocPoint(double FalsePositiveRate, double TruePositiveRate);
