namespace StructCore.Edge.Cameras;

/// <summary>Pixel formats a GenICam camera may be set to, named as GenICam does. All become 8-bit RGB; grey is repeated, Bayer patterns are interpolated.</summary>
public enum CameraPixelFormat
{
    Mono8,
    Mono10,
    Mono12,
    Mono16,
    RGB8,
    BGR8,
    BayerGR8,
    BayerRG8,
    BayerGB8,
    BayerBG8,
}
