using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Cameras;

/// <summary><c>Cameras:n:Guards</c>: what makes a frame, or a camera, not to be trusted.</summary>
public sealed class CameraGuardOptions
{
    /// <summary>A live camera that gives the same picture twice, to the last bit, is frozen: a sensor's noise never repeats. Off where pictures may really be equal; folders and video files are never checked.</summary>
    public bool Frozen { get; set; } = true;

    /// <summary>
    /// A frame is black where fewer than one in a thousand of its pixels reach this level, 0 to 255; 0 switches it off. One in a thousand
    /// lets a dark field pass, of which only edges and dust glow, and not a handful of hot pixels. A capped sensor stays below 8.
    /// </summary>
    [Range(0, 255)]
    public int BlackLevel { get; set; } = 8;

    /// <summary>A live OpenCV source that gives no frame for so long has failed, also while nobody asks for one, 100 to 60,000. More than the time between two of its frames.</summary>
    [Range(100, 60_000)]
    public int StallMs { get; set; } = 1500;
}
