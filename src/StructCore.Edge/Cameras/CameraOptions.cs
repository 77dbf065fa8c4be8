using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Cameras;

/// <summary>One entry of <c>Cameras</c> in the configuration.</summary>
public sealed class CameraOptions
{
    /// <summary>Name the stations and triggers refer to.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")]
    public string Id { get; set; } = "";

    /// <summary><c>folder</c> replays image files; <c>opencv</c> opens a video file, a USB camera, an RTSP address or a GStreamer pipeline; <c>genicam</c> a GigE Vision or USB3 Vision camera.</summary>
    [AllowedValues("folder", "opencv", "genicam")]
    public string Kind { get; set; } = "folder";

    /// <summary>The folder; or the file, device index, address or pipeline for OpenCV; or serial number, Aravis id or IP address of a GenICam camera.</summary>
    public string Source { get; set; } = "";

    /// <summary>A file whose first line is the source: for an address that holds a password.</summary>
    public string? SourceFile { get; set; }

    /// <summary>Folder and video file only: start again after the last image.</summary>
    public bool Loop { get; set; } = true;

    /// <summary>Region of interest as <c>x, y, width, height</c> in pixels; the whole frame where it is absent. A GenICam camera sends nothing else.</summary>
    public RegionOfInterest? Region { get; set; }

    /// <summary>Kind <c>genicam</c> only: what the camera is set to.</summary>
    public GenICamOptions? GenICam { get; set; }

    /// <summary>Longest wait for one frame, 10 to 60,000.</summary>
    [Range(10, 60_000)]
    public int GrabTimeoutMs { get; set; } = 2000;

    /// <summary>Live OpenCV source only, 0 to 10,000: what exposure, readout, encoder and network take together. A frame counts as captured so long before it came.</summary>
    [Range(0, 10_000)]
    public int LatencyMs { get; set; }

    public CameraGuardOptions Guards { get; set; } = new();
}
