using StructCore.Vision.Imaging;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>One image of a contact sheet.</summary>
/// <param name="Image">At any size.</param>
/// <param name="Caption">Stands below, as much as fits; ASCII.</param>
/// <param name="Marked">Whether it is framed in red.</param>
public sealed record SheetTile(RgbImage Image, string Caption, bool Marked);
