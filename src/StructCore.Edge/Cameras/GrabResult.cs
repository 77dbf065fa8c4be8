namespace StructCore.Edge.Cameras;

/// <summary>A frame, or why there is none.</summary>
public readonly record struct GrabResult(Frame? Frame, string? Failure)
{
    public static GrabResult Of(Frame frame) => new(frame, null);

    public static GrabResult Failed(string reason) => new(null, reason);
}
