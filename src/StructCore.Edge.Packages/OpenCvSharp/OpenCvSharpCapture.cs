using OpenCvSharp;
using StructCore.Edge.Cameras.Video;
using StructCore.Vision.Imaging;
using Capture = OpenCvSharp.VideoCapture;
using VideoCapture = StructCore.Edge.Cameras.Video.VideoCapture;

namespace StructCore.Edge.Packages.OpenCvSharp;

/// <summary>A capture of OpenCvSharp4.</summary>
internal sealed class OpenCvSharpCapture : VideoCapture
{
    // OpenCV's numbers, of which OpenCvSharp names but some.
    private const int OpenTimeoutMs = 53;
    private const int ReadTimeoutMs = 54;
    private const int Threads = 70;

    private readonly Capture _capture;
    private readonly Mat _frame = new();

    private OpenCvSharpCapture(Capture capture) => _capture = capture;

    /// <summary>FFmpeg holds back one frame per further thread; here it has one.</summary>
    public override int HeldBack => 0;

    public static OpenCvSharpCapture Open(VideoSource source, int readTimeoutMs)
    {
        try
        {
            OpenCvLibrary.Load();
            var capture = source.Kind switch
            {
                VideoSourceKind.Device => new Capture(source.Device, OperatingSystem.IsWindows() ? VideoCaptureAPIs.ANY : VideoCaptureAPIs.V4L2),
                VideoSourceKind.Stream => new Capture(source.Name, VideoCaptureAPIs.FFMPEG, [OpenTimeoutMs, (int)OpenTimeout.TotalMilliseconds, ReadTimeoutMs, readTimeoutMs, Threads, 1]),
                VideoSourceKind.Pipeline => new Capture(source.Name, VideoCaptureAPIs.GSTREAMER),
                _ => new Capture(source.Name),
            };
            if (!capture.IsOpened())
            {
                capture.Dispose();
                throw new IOException($"no OpenCV backend opens it{Lacking(source)}");
            }

            if (source.Kind == VideoSourceKind.Device)
            {
                // As few old frames as the driver allows.
                capture.Set(VideoCaptureProperties.BufferSize, 1);
            }

            return new OpenCvSharpCapture(capture);
        }
        catch (Exception e) when (OpenCvLibrary.Refused(e) || e is DllNotFoundException)
        {
            throw new IOException(e.Message.TrimEnd('.'), e);
        }
    }

    public override bool Grab()
    {
        try
        {
            return _capture.Grab();
        }
        catch (Exception e) when (OpenCvLibrary.Refused(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override RgbImage Retrieve()
    {
        try
        {
            if (!_capture.Retrieve(_frame) || _frame.Empty())
            {
                throw new IOException("the frame cannot be decoded");
            }

            var image = RgbImage.Rent(_frame.Rows, _frame.Cols, out var pixels);
            return Pixels.CopyRgb(_frame, pixels) is not { } reason ? image : throw new IOException(reason);
        }
        catch (Exception e) when (OpenCvLibrary.Refused(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override void Dispose()
    {
        _frame.Dispose();
        _capture.Dispose();
    }

    /// <summary>What the packages' OpenCV is built without.</summary>
    private static string Lacking(VideoSource source) => source.Kind switch
    {
        VideoSourceKind.Pipeline => "; OpenCvSharp4's OpenCV comes without GStreamer, the native adapters (-p:Adapters=native) have it",
        VideoSourceKind.Stream when OperatingSystem.IsLinux() && !source.Name.StartsWith("file:", StringComparison.Ordinal) =>
            "; OpenCvSharp4's OpenCV for Linux reads nothing from the network, the native adapters (-p:Adapters=native) do. Or let another program write the stream into a named pipe and give file:///path/of/pipe",
        _ => "",
    };
}
