namespace StructCore.Vision.Fitting;

/// <summary>How far a fit is.</summary>
/// <param name="Stage">What is being done, in words: <c>features</c>, <c>coreset</c>, <c>calibration</c>.</param>
/// <param name="Done">Units done in this stage.</param>
/// <param name="Total">Units of this stage.</param>
public readonly record struct FitProgress(string Stage, int Done, int Total);
