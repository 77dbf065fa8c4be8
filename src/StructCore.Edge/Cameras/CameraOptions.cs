using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Cameras;

/// <summary>One entry of <c>Cameras</c> in the configuration.</summary>
public sealed class CameraOptions
{
    /// <summary>Name the stations and triggers refer to.</summary>
    [Required]
    public string Id { get; set; } = "";

    /// <summary><c>folder</c> replays image files; <c>opencv</c> opens a video file, a USB camera, an RTSP address or a GStreamer pipeline; <c>genicam</c> a GigE Vision or USB3 Vision camera.</summary>
    [AllowedValues("folder", "opencv", "genicam")]
    public string Kind { get; set; } = "folder";

    /// <summary>The folder; or the file, device index, address or pipeline for OpenCV; or serial number, Aravis id or IP address of a GenICam camera.</summary>
    [Required]
    public string Source { get; set; } = "";

    /// <summary>Folder and video file only: start again after the last image.</summary>
    public bool Loop { get; set; } = true;

    /// <summary>Region of interest as <c>x, y, width, height</c> in pixels; the whole frame where it is absent. A GenICam camera sends nothing else.</summary>
    public RegionOfInterest? Region { get; set; }

    /// <summary>Kind <c>genicam</c> only: what the camera is set to.</summary>
    public GenICamOptions? GenICam { get; set; }

    /// <summary>Longest wait for one frame, 10 to 60,000.</summary>
    [Range(10, 60_000)]
    public int GrabTimeoutMs { get; set; } = 2000;
}
