using StructCore.Edge.Cameras.Video;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>A capture of the shim.</summary>
internal sealed unsafe class OpenCvCapture : VideoCapture
{
    private nint _capture;

    private OpenCvCapture(nint capture) => _capture = capture;

    public override int HeldBack => Shim.CaptureHeldBack(_capture);

    public static OpenCvCapture Open(VideoSource source, int readTimeoutMs)
    {
        var error = stackalloc byte[Shim.ErrorSize];
        Check(Shim.CaptureOpen(source.Kind, source.Name, source.Device, (int)OpenTimeout.TotalMilliseconds, readTimeoutMs, out var capture, error), error);
        return new OpenCvCapture(capture);
    }

    public override bool Grab()
    {
        var error = stackalloc byte[Shim.ErrorSize];
        return Check(Shim.CaptureGrab(_capture, error), error) == 1;
    }

    public override RgbImage Retrieve()
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

    public override void Dispose()
    {
        Shim.CaptureClose(_capture);
        _capture = 0;
    }

    private static int Check(int result, byte* error) => result >= 0 ? result : throw new IOException(Shim.Reason(error));
}
