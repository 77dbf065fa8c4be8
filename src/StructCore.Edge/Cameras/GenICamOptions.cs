using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Cameras;

/// <summary>The section <c>GenICam</c> of a camera of kind <c>genicam</c>. What is left out stays as the camera has it.</summary>
public sealed class GenICamOptions
{
    /// <summary>
    /// <c>software</c>: the agent has the frame exposed. <c>hardware</c>: the next edge at <see cref="TriggerSource"/> exposes; it must come after the trigger message, what was
    /// exposed before is taken for another part. <c>free_run</c>: the camera exposes all the time, the first exposure that begins after the trigger is taken.
    /// </summary>
    [AllowedValues("software", "hardware", "free_run")]
    public string Trigger { get; set; } = "software";

    /// <summary>The camera's input for <c>hardware</c>, rising edge; as the camera names it.</summary>
    public string TriggerSource { get; set; } = "Line1";

    /// <summary>1 to 10,000,000, within the camera's own limits.</summary>
    [Range(1.0, 10_000_000.0)]
    public double? ExposureMicroseconds { get; set; }

    /// <summary>0 to 100 in decibel, within the camera's own limits; in its own unit where it only has a raw gain.</summary>
    [Range(0.0, 100.0)]
    public double? Gain { get; set; }

    public CameraPixelFormat? PixelFormat { get; set; }

    /// <summary>GigE Vision only: bytes of a packet with its headers, 220 to 65,535; the largest that arrives is found where it is absent.</summary>
    [Range(220, 65_535)]
    public int? PacketSize { get; set; }

    /// <summary>GigE Vision only: asks the camera for lost packets again, if it can.</summary>
    public bool PacketResend { get; set; } = true;

    /// <summary>GigE Vision only: how long an asked packet may take before it is asked for again, 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int PacketTimeoutMs { get; set; } = 20;

    /// <summary>GigE Vision only: silence after which a frame counts as incomplete, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int FrameRetentionMs { get; set; } = 100;

    /// <summary>Frames the network may fill at the same time, 2 to 64.</summary>
    [Range(2, 64)]
    public int Buffers { get; set; } = 4;

    /// <summary>Bytes per second the camera may send, for several cameras on one line; 1,000,000 or more.</summary>
    [Range(1_000_000, int.MaxValue)]
    public int? ThroughputLimit { get; set; }
}
