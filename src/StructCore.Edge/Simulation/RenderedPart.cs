using StructCore.Vision.Imaging;

namespace StructCore.Edge.Simulation;

/// <summary>A rendered part and its ground truth.</summary>
/// <param name="Image">What the camera would see.</param>
/// <param name="Mask">[height, width], true where the part is defective; all false for a good part.</param>
internal sealed record RenderedPart(RgbImage Image, bool[] Mask);
