using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras;

/// <summary>Refuses frames that do not show the part: captured before its trigger, the same as the one before, or without light. One frame at a time.</summary>
/// <param name="live">The frames come from a device, which never gives the same picture twice.</param>
internal sealed class FrameGuard(string camera, CameraGuardOptions options, bool live, TimeProvider time)
{
    private const int PixelsPerLitOne = 1000;
    private Frame? _previous;
    private long _stale;
    private long _frozen;
    private long _black;

    /// <summary>Why the frame must not be scored; null where it may.</summary>
    /// <param name="triggered">When the trigger was received, on the monotonic clock.</param>
    public CameraFault? Check(Frame frame, long triggered)
    {
        if (frame.Timestamp < triggered)
        {
            Interlocked.Increment(ref _stale);
            return CameraFault.Stale($"camera '{camera}' gave frame '{frame.FrameId}', captured {time.GetElapsedTime(frame.Timestamp, triggered).TotalMilliseconds:F1} ms before the trigger was received, and no newer one in time. Check what holds its frames back, or send the trigger before the exposure.");
        }

        using var previous = _previous;
        _previous = live && options.Frozen ? frame.Share() : null;

        // Before the frozen one: without light a sensor may well give the same zeros twice.
        if (IsBlack(frame.Image, options.BlackLevel))
        {
            Interlocked.Increment(ref _black);
            return CameraFault.Black($"camera '{camera}' sees no light: in frame '{frame.FrameId}' not one pixel in {PixelsPerLitOne} reaches level {options.BlackLevel} of 255. Check the lamp, its trigger, the lens cap and the exposure, or set the camera's Guards:BlackLevel.");
        }

        if (_previous is not null && (frame.Repeats || (previous is not null && AreSame(previous.Image, frame.Image))))
        {
            Interlocked.Increment(ref _frozen);
            return CameraFault.Frozen($"camera '{camera}' gave frame '{frame.FrameId}' the same to the last bit as the one before. Check the camera, its network and power, or set the camera's Guards:Frozen to false where pictures may really be equal.");
        }

        return null;
    }

    /// <summary>The driver's counters with those of the guard; thread-safe.</summary>
    public CameraCounters Count(CameraCounters driver) =>
        driver with { Stale = Interlocked.Read(ref _stale), Frozen = Interlocked.Read(ref _frozen), Black = Interlocked.Read(ref _black) };

    /// <summary>Ends at the first pixel that differs, so that a camera that works pays nothing.</summary>
    internal static bool AreSame(RgbImage one, RgbImage other) => one.Width == other.Width && one.Pixels.SequenceEqual(other.Pixels);

    /// <summary>Ends once enough light is found, so that only a dark frame is read whole.</summary>
    internal static bool IsBlack(RgbImage image, int level)
    {
        if (level == 0)
        {
            return false;
        }

        // Any channel counts: a red lamp is light, too.
        var pixels = image.Pixels;
        for (var missing = Math.Max(1, image.Height * image.Width / PixelsPerLitOne); missing > 0; missing--)
        {
            var lit = pixels.IndexOfAnyInRange((byte)level, byte.MaxValue);
            if (lit < 0)
            {
                return true;
            }

            pixels = pixels[(lit + 1)..];
        }

        return false;
    }
}
