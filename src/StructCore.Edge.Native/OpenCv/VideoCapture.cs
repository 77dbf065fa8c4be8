using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>A capture of the shim. Belongs to the thread that opened it; every call may block.</summary>
internal sealed unsafe class VideoCapture : IDisposable
{
    /// <summary>Longest wait for an address to answer and to tell what it sends.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(15);

    // A stream's first frame waits for a key frame. Longer than that, and a dead connection would be held for nothing.
    private const int ShortestReadTimeoutMs = 5000;

    private nint _capture;

    private VideoCapture(nint capture) => _capture = capture;

    /// <exception cref="IOException">OpenCV does not open it; the message is its reason.</exception>
    public static VideoCapture Open(VideoSource source, int readTimeoutMs)
    {
        var error = stackalloc byte[Shim.ErrorSize];
        Check(Shim.CaptureOpen(source.Kind, source.Name, source.Device, (int)OpenTimeout.TotalMilliseconds, Math.Max(readTimeoutMs, ShortestReadTimeoutMs), out var capture, error), error);
        return new VideoCapture(capture);
    }

    /// <summary>How many frames the decoder keeps to itself: a grab gives the frame that was read so many grabs before.</summary>
    public int HeldBack => Shim.CaptureHeldBack(_capture);

    /// <summary>Waits for the next frame; false where the source has ended or stalled.</summary>
    public bool Grab()
    {
        var error = stackalloc byte[Shim.ErrorSize];
        return Check(Shim.CaptureGrab(_capture, error), error) == 1;
    }

    /// <summary>The grabbed frame, which the caller disposes of.</summary>
    /// <exception cref="IOException">It cannot be decoded.</exception>
    public RgbImage Retrieve()
    {
        var error = stackalloc byte[Shim.ErrorSize];
        Check(Shim.CaptureRetrieve(_capture, out var height, out var width, error), error);
        var image = RgbImage.Rent(height, width, out var pixels);
        fixed (byte* to = pixels)
        {
            Check(Shim.CaptureCopy(_capture, to, error), error);
        }

        return image;
    }

    public void Dispose()
    {
        Shim.CaptureClose(_capture);
        _capture = 0;
    }

    private static int Check(int result, byte* error) => result >= 0 ? result : throw new IOException(Shim.Reason(error));
}
