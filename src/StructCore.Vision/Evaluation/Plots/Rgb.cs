namespace StructCore.Vision.Evaluation.Plots;

/// <summary>A colour of a plot.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    public static readonly Rgb White = new(255, 255, 255);
    public static readonly Rgb Ink = new(38, 42, 51);
    public static readonly Rgb Muted = new(112, 119, 133);
    public static readonly Rgb Grid = new(228, 231, 237);
    public static readonly Rgb Blue = new(44, 111, 187);
    public static readonly Rgb Red = new(214, 72, 46);
    public static readonly Rgb Green = new(38, 145, 104);
}
