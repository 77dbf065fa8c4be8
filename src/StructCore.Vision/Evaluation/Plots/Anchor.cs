namespace StructCore.Vision.Evaluation.Plots;

/// <summary>Which part of a text stands at the given x.</summary>
internal enum Anchor
{
    Left,
    Middle,
    Right,
}
