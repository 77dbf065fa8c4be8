namespace StructCore.Edge.Cameras;

/// <summary>Why a part gets no frame.</summary>
/// <param name="Code">First word of the verdict's reason.</param>
/// <param name="Leaves">What it says of the camera; <see cref="CameraHealth.Works"/> where only this frame is lost.</param>
internal sealed record CameraFault(string Code, string Text, CameraHealth Leaves)
{
    private const string FailedCode = "camera_failed";

    /// <summary>As the camera's own failure is shown: where the code adds nothing it is left out.</summary>
    public string Summary => Code == FailedCode ? Text : ToString();

    public static CameraFault Failed(string text) => new(FailedCode, text, CameraHealth.Failed);

    public static CameraFault Spoilt(string text) => new("frame_spoilt", text, CameraHealth.Works);

    public static CameraFault Stale(string text) => new("stale_frame", text, CameraHealth.Failed);

    public static CameraFault Frozen(string text) => new("camera_frozen", text, CameraHealth.Failed);

    public static CameraFault Black(string text) => new("camera_black", text, CameraHealth.Degraded);

    public override string ToString() => $"{Code}: {Text}";
}
