namespace StructCore.Vision.Datasets;

/// <summary>One labelled image that was kept out of fitting.</summary>
/// <param name="Path">The image file.</param>
/// <param name="Kind"><c>good</c>, or the kind of defect.</param>
/// <param name="Defective">The image-level truth.</param>
/// <param name="MaskPath">The defect's pixels as an image file, more than 0 means defective; absent for good images and where the dataset has no mask.</param>
public sealed record TestImage(string Path, string Kind, bool Defective, string? MaskPath)
{
    /// <summary>Whether the truth is known pixel by pixel: a mask, or a good image, which has no defective pixel.</summary>
    public bool HasPixelTruth => !Defective || MaskPath is not null;
}
