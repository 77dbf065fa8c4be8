namespace StructCore.Edge.Cameras.Video;

/// <summary>What a camera's source names; the numbers are those of the native adapters' capture.cpp.</summary>
internal enum VideoSourceKind
{
    /// <summary>A video file or a numbered series of images: frames wait for us.</summary>
    File = 0,

    /// <summary>A V4L2 device, or one of Windows.</summary>
    Device = 1,

    /// <summary>An address: RTSP, HTTP and the like.</summary>
    Stream = 2,

    /// <summary>A GStreamer pipeline that ends in an appsink.</summary>
    Pipeline = 3,
}
