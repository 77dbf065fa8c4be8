using StructCore.Vision.Scoring;

namespace StructCore.Vision.ZeroShot;

/// <summary>One image of an unlabelled batch with its scores.</summary>
/// <param name="Path">The image file.</param>
/// <param name="Patches">Score of each patch: mean distance to its nearest patches in the images that are most like it there, 0 to 2.</param>
/// <param name="Score">The largest of the patch scores.</param>
/// <param name="Refined">The scores after RsCIN, 0 to 1 over the batch.</param>
public sealed record ScreenedImage(string Path, PatchScores Patches, float Score, float Refined);
