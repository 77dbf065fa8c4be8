namespace StructCore.Vision.ZeroShot;

/// <summary>How far a screening is.</summary>
/// <param name="Stage">What is being done, in words: <c>tokens</c>, <c>pairs</c>.</param>
/// <param name="Done">Images read, or pairs of images matched.</param>
/// <param name="Total">Units of this stage.</param>
public readonly record struct ScreeningProgress(string Stage, long Done, long Total);
