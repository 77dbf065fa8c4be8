namespace StructCore.Edge.Cameras;

/// <summary>A rectangle of the frame, in pixels from its upper left corner.</summary>
public sealed class RegionOfInterest
{
    public int X { get; set; }

    public int Y { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }
}
