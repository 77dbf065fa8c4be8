namespace StructCore.Vision.Datasets;

/// <summary>One image of a batch that nobody need have sorted.</summary>
/// <param name="Path">The image file.</param>
/// <param name="Defective">The image-level truth, where the folder tells it.</param>
public sealed record BatchImage(string Path, bool? Defective);
