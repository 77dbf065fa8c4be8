namespace StructCore.Vision.Fitting;

/// <summary>What teaching an image brought.</summary>
/// <param name="Bank">The bank with its rows, not written yet.</param>
/// <param name="Image">As the manifest has it.</param>
/// <param name="Before">What the bank said of the image.</param>
/// <param name="After">What it says now: in the rare case that rows of other teachings make the map less even, still a reject.</param>
public sealed record Teaching(ProductBank Bank, TaughtImage Image, ScoredImage Before, ScoredImage After);
