namespace StructCore.Vision.Fitting;

/// <summary>An image that the others of its set contradict.</summary>
/// <param name="Image">Its index in the set.</param>
/// <param name="Score">The largest value of its map against the others.</param>
/// <param name="PValue">Probability of such a score where the image is like the others, 0 to 1.</param>
public readonly record struct SuspectImage(int Image, float Score, double PValue);
