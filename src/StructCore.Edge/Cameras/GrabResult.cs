namespace StructCore.Edge.Cameras;

/// <summary>A frame, or why there is none.</summary>
/// <param name="CameraWorks">Only this frame is spoilt (packets were lost, it is damaged): there is no need to open the camera again.</param>
public readonly record struct GrabResult(Frame? Frame, string? Failure, bool CameraWorks)
{
    public static GrabResult Of(Frame frame) => new(frame, null, true);

    /// <summary>The camera must be opened again before it is of use.</summary>
    public static GrabResult Failed(string reason) => new(null, reason, false);

    /// <summary>This part gets no frame, the next one may.</summary>
    public static GrabResult Spoilt(string reason) => new(null, reason, true);
}
