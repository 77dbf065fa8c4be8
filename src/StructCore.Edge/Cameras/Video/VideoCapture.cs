using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras.Video;

/// <summary>An open source of an OpenCV. Belongs to the thread that opened it; every call may block.</summary>
internal abstract class VideoCapture : IDisposable
{
    /// <summary>Longest wait for an address to answer and to tell what it sends.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Opens a source; an address may then keep silent for <paramref name="readTimeoutMs"/>.</summary>
    /// <exception cref="IOException">OpenCV does not open it; the message is its reason.</exception>
    public delegate VideoCapture Opener(VideoSource source, int readTimeoutMs);

    /// <summary>How many frames the decoder keeps to itself: a grab gives the frame that was read so many grabs before.</summary>
    public abstract int HeldBack { get; }

    /// <summary>Waits for the next frame; false where the source has ended or stalled.</summary>
    /// <exception cref="IOException">The source failed.</exception>
    public abstract bool Grab();

    /// <summary>The grabbed frame, which the caller disposes of.</summary>
    /// <exception cref="IOException">It cannot be decoded.</exception>
    public abstract RgbImage Retrieve();

    public abstract void Dispose();
}
