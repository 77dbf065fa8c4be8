namespace StructCore.Vision.Evaluation;

/// <summary>What one way to come to a threshold gave over all splits.</summary>
/// <param name="Candidate">The way.</param>
/// <param name="Auroc">I-AUROC of the hybrid score, mean over the splits, 0 to 1; null where there are no defective images.</param>
/// <param name="Rows">Per nominal rate, over all splits.</param>
public sealed record CandidateReliability(CandidateCalibration Candidate, double? Auroc, IReadOnlyList<ReliabilityRow> Rows);
