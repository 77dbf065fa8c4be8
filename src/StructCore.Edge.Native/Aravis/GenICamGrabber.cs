using StructCore.Edge.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.Aravis;

/// <summary>Takes from an acquiring camera the frame that belongs to one call.</summary>
internal sealed class GenICamGrabber(GenICamDevice device, GenICamStream stream, DeviceWatch watch, CameraOptions camera, TimeSpan exposure, TimeProvider time)
{
    private const int PayloadImage = 1;
    private const int PayloadImageWithChunks = 5;

    // How long it takes to notice that the camera is lost or nobody waits any more.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    private readonly string _trigger = (camera.GenICam ?? new GenICamOptions()).Trigger;
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(camera.GrabTimeoutMs);
    private readonly int _height = (int)device.Get("Height");
    private readonly int _width = (int)device.Get("Width");
    private bool _oldFrameMayCome;

    /// <summary>Blocks until the frame is there, the time is over, the camera lost or <paramref name="isAbandoned"/>.</summary>
    /// <exception cref="AravisException">The camera does not take the trigger.</exception>
    public Captured Grab(Func<bool> isAbandoned)
    {
        if (_oldFrameMayCome)
        {
            stream.Restart();
            _oldFrameMayCome = false;
        }

        stream.DropCompleted();
        var asked = Moment.Now(time);
        if (_trigger == "software")
        {
            _oldFrameMayCome = true;
            device.Execute("TriggerSoftware");
        }

        while (!isAbandoned() && watch.Failure is null && _timeout - time.GetElapsedTime(asked.Timestamp) is { Ticks: > 0 } left)
        {
            var buffer = stream.Pop(left < Slice ? left : Slice);
            if (buffer == 0)
            {
                continue;
            }

            try
            {
                if (Read(buffer, asked) is { } captured)
                {
                    _oldFrameMayCome = false;
                    return captured;
                }
            }
            finally
            {
                stream.Return(buffer);
            }
        }

        return watch.Failure is { } lost ? Captured.Broken(lost) : TimedOut();
    }

    /// <summary>What a filled buffer holds; null where it was exposed before it was asked for.</summary>
    private Captured? Read(nint buffer, Moment asked)
    {
        if (AravisLibrary.BufferStatus(buffer) is not AravisLibrary.BufferSuccess and var status)
        {
            return Incomplete(StatusText(status));
        }

        // The first packet leaves the camera after the exposure.
        var arrived = Moment.Now(time).Before(AravisLibrary.BufferArrival(buffer), time);
        var captured = _trigger == "free_run" ? arrived.Minus(exposure, time) : arrived;
        if (captured.Timestamp < asked.Timestamp)
        {
            return null;
        }

        // Exposed some time after the command: older than it can be is the safe side.
        return Convert(buffer, _trigger == "software" ? asked : captured);
    }

    private unsafe Captured Convert(nint buffer, Moment captured)
    {
        if (AravisLibrary.BufferPayloadType(buffer) is not (PayloadImage or PayloadImageWithChunks))
        {
            return Captured.Broken("sends something else than plain images; switch multipart, chunk and compression modes off");
        }

        var (height, width) = (AravisLibrary.BufferHeight(buffer), AravisLibrary.BufferWidth(buffer));
        if (PixelFormats.Of(AravisLibrary.BufferPixelFormat(buffer)) is not { } format || height != _height || width != _width)
        {
            return Captured.Broken($"sends {height} x {width} pixels (height x width) of format 0x{AravisLibrary.BufferPixelFormat(buffer):X8} instead of the {_height} x {_width} it was set to; is another program changing it?");
        }

        AravisLibrary.BufferPadding(buffer, out var padding, out _);
        var row = width * PixelFormats.BytesPerPixel(format);
        var step = row + padding;
        var pixels = AravisLibrary.BufferData(buffer, out var bytes);
        if (bytes < (nuint)(((long)step * (height - 1)) + row))
        {
            stream.CountTooShort();
            return Incomplete($"{bytes} bytes of a frame of {height} x {width} {format}");
        }

        return new Captured(PixelFormats.ToRgb(pixels, step, height, width, format), captured, null, true);
    }

    private Captured Incomplete(string what)
    {
        var (incomplete, lost) = stream.Losses();
        return new Captured(null, default, $"sent an incomplete frame ({what}); since it was opened {incomplete} frames were incomplete and up to {lost} packets lost. "
            + "Check cable, switch and network card (jumbo frames, 'ethtool -S'), net.core.rmem_max, and GenICam:PacketSize and ThroughputLimit", true);
    }

    private Captured TimedOut() => _trigger switch
    {
        "software" => Captured.Broken($"gave no frame within {camera.GrabTimeoutMs} ms of its trigger"),
        "free_run" => Captured.Broken($"gave no frame within {camera.GrabTimeoutMs} ms"),

        // No edge is not the camera's fault: opening it again would not bring one.
        _ => new Captured(null, default, $"saw no edge at {camera.GenICam!.TriggerSource} within {camera.GrabTimeoutMs} ms. Check the sensor, its wiring and GenICam:TriggerSource", true),
    };

    private static string StatusText(int status) => status switch
    {
        2 => "packets did not come in time",
        3 => "packets are missing",
        4 => "a packet has a wrong number",
        5 => "it is larger than announced",
        7 => "it was broken off",
        _ => $"status {status}",
    };

    /// <summary>A frame, or why there is none.</summary>
    internal readonly record struct Captured(RgbImage? Image, Moment Moment, string? Failure, bool CameraWorks)
    {
        public static Captured Broken(string reason) => new(null, default, reason, false);
    }
}
