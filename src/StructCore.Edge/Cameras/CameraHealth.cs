namespace StructCore.Edge.Cameras;

/// <summary>What may be expected of a camera.</summary>
internal enum CameraHealth
{
    Works,

    /// <summary>It gives frames that are of no use: there is no light.</summary>
    Degraded,

    /// <summary>No frame comes, or none that shows the part; it is opened again until one does.</summary>
    Failed,

    /// <summary>The agent has ended and nobody watches it.</summary>
    Offline,
}
