using System.Globalization;
using StructCore.Edge.Cameras;

namespace StructCore.Edge.Native.Aravis;

/// <summary>Sets a camera to what its configuration asks, and makes sure that it took it: many cameras round or ignore silently.</summary>
internal sealed class GenICamSettings(GenICamDevice device, CameraOptions camera)
{
    // Exposure and gain come in steps of the sensor's own.
    private const double Tolerance = 0.05;

    private readonly GenICamOptions _options = camera.GenICam ?? new GenICamOptions();

    /// <exception cref="CameraException">The camera refuses a setting; the message names feature, asked, allowed and the key to change.</exception>
    public void Apply()
    {
        StopAcquisition();
        if (device.Has("AcquisitionMode"))
        {
            Choose("AcquisitionMode", "Continuous", "AcquisitionMode");
        }

        SetPixelFormat();
        SetRegion();
        if (_options.ExposureMicroseconds is { } exposure)
        {
            SetManual("ExposureAuto");
            SetMeasure("ExposureTime", "us", exposure, AravisLibrary.ExposureBounds, AravisLibrary.SetExposure, AravisLibrary.GetExposure, "GenICam:ExposureMicroseconds");
        }

        if (_options.Gain is { } gain)
        {
            SetManual("GainAuto");
            SetMeasure("Gain", "dB", gain, AravisLibrary.GainBounds, AravisLibrary.SetGain, AravisLibrary.GetGain, "GenICam:Gain");
        }

        if (_options.ThroughputLimit is { } limit)
        {
            if (device.Has("DeviceLinkThroughputLimitMode"))
            {
                Choose("DeviceLinkThroughputLimitMode", "On", "GenICam:ThroughputLimit");
            }

            SetNumber("DeviceLinkThroughputLimit", limit, "GenICam:ThroughputLimit");
        }

        SetTrigger();
    }

    /// <summary>How long the camera exposes; nothing where it does not tell.</summary>
    public TimeSpan Exposure()
    {
        var microseconds = AravisLibrary.GetExposure(device.Handle, out var error);
        if (error != 0)
        {
            GLibLibrary.FreeError(error);
            return TimeSpan.Zero;
        }

        return TimeSpan.FromMicroseconds(microseconds);
    }

    // Whoever had it before may have left it running, and it refuses most settings while it does.
    private void StopAcquisition()
    {
        try
        {
            device.Execute("AcquisitionStop");
        }
        catch (AravisException)
        {
            // Some refuse to stop what does not run; one that is gone refuses the next setting too.
        }
    }

    private void SetPixelFormat()
    {
        if (_options.PixelFormat is { } format)
        {
            Try("PixelFormat", $"{format}", Choices("PixelFormat"), "GenICam:PixelFormat", () => device.Set("PixelFormat", PixelFormats.Code(format)));
        }

        if (PixelFormats.Of((uint)device.Get("PixelFormat")) is not { } actual || actual != (_options.PixelFormat ?? actual))
        {
            throw new CameraException($"Camera '{camera.Id}': '{camera.Source}' is set to the pixel format {device.GetText("PixelFormat")}, {(_options.PixelFormat is { } asked ? $"not to {asked}" : "which cannot be read")}. "
                + $"Set the camera's GenICam:PixelFormat to one of {string.Join(", ", Enum.GetNames<CameraPixelFormat>())}; the camera has {Choices("PixelFormat")()}.");
        }
    }

    private void SetRegion()
    {
        var hasOffset = device.Has("OffsetX") && device.Has("OffsetY");
        if (hasOffset)
        {
            // To the corner first: what is left beside the offset limits the size.
            Try("OffsetX", "0", () => "unknown", "Region", () => device.Set("OffsetX", 0));
            Try("OffsetY", "0", () => "unknown", "Region", () => device.Set("OffsetY", 0));
        }

        var (width, height) = (device.Bounds("Width"), device.Bounds("Height"));
        if (camera.Region is not { } region)
        {
            SetNumber("Width", width.Highest - ((width.Highest - width.Lowest) % width.Increment), "Region");
            SetNumber("Height", height.Highest - ((height.Highest - height.Lowest) % height.Increment), "Region");
            return;
        }

        if (region.X < 0 || region.Y < 0 || region.Width <= 0 || region.Height <= 0 || region.X > width.Highest - region.Width || region.Y > height.Highest - region.Height)
        {
            throw new CameraException($"Camera '{camera.Id}': its region of {region.Height} x {region.Width} at x {region.X}, y {region.Y} does not lie inside of the {height.Highest} x {width.Highest} pixels (height x width) that '{camera.Source}' has. Set the camera's Region.");
        }

        SetNumber("Width", region.Width, "Region:Width");
        SetNumber("Height", region.Height, "Region:Height");
        if (hasOffset || region.X > 0 || region.Y > 0)
        {
            SetNumber("OffsetX", region.X, "Region:X");
            SetNumber("OffsetY", region.Y, "Region:Y");
        }
    }

    private void SetTrigger()
    {
        if (_options.Trigger == "free_run")
        {
            Try("TriggerMode", "Off", Choices("TriggerMode"), "GenICam:Trigger", () =>
            {
                AravisLibrary.ClearTriggers(device.Handle, out var error);
                AravisException.Check(error);
            });
            return;
        }

        var (source, key) = _options.Trigger == "software" ? ("Software", "GenICam:Trigger") : (_options.TriggerSource, "GenICam:TriggerSource");
        Try("TriggerSource", source, Choices("TriggerSource"), key, () =>
        {
            AravisLibrary.SetTrigger(device.Handle, source, out var error);
            AravisException.Check(error);
        });
    }

    private void SetManual(string automatic)
    {
        if (device.Has(automatic))
        {
            Choose(automatic, "Off", automatic == "GainAuto" ? "GenICam:Gain" : "GenICam:ExposureMicroseconds");
        }
    }

    private void Choose(string feature, string value, string key) => Try(feature, value, Choices(feature), key, () => device.Set(feature, value));

    private void SetNumber(string feature, long value, string key)
    {
        var asked = value.ToString(CultureInfo.InvariantCulture);
        var allowed = () =>
        {
            var (lowest, highest, increment) = device.Bounds(feature);
            return $"{lowest} to {highest}" + (increment > 1 ? $" in steps of {increment}" : "");
        };
        Try(feature, asked, allowed, key, () =>
        {
            var (lowest, highest, increment) = device.Bounds(feature);
            if (value < lowest || value > highest || (value - lowest) % increment != 0)
            {
                throw new AravisException("it does not fit");
            }

            device.Set(feature, value);
            if (device.Get(feature) is var taken && taken != value)
            {
                throw new AravisException($"it took {taken} instead");
            }
        });
    }

    private void SetMeasure(string feature, string unit, double value, GetBounds bounds, SetValue set, GetValue get, string key)
    {
        var allowed = () =>
        {
            bounds(device.Handle, out var lowest, out var highest, out var error);
            AravisException.Check(error);
            return FormattableString.Invariant($"{lowest} to {highest} {unit}");
        };
        Try(feature, FormattableString.Invariant($"{value} {unit}"), allowed, key, () =>
        {
            bounds(device.Handle, out var lowest, out var highest, out var error);
            AravisException.Check(error);
            if (value < lowest || value > highest)
            {
                throw new AravisException("it is out of range");
            }

            set(device.Handle, value, out error);
            AravisException.Check(error);
            var taken = get(device.Handle, out error);
            AravisException.Check(error);
            if (Math.Abs(taken - value) > Tolerance * Math.Max(value, 1))
            {
                throw new AravisException(FormattableString.Invariant($"it took {taken} instead"));
            }
        });
    }

    private Func<string> Choices(string feature) => () => string.Join(", ", device.Choices(feature));

    private void Try(string feature, string asked, Func<string> allowed, string key, Action set)
    {
        try
        {
            set();
        }
        catch (AravisException e)
        {
            throw new CameraException($"Camera '{camera.Id}': '{camera.Source}' refuses {feature} = {asked}: {e.Message}. Allowed: {Ask(allowed)}. Set the camera's {key}.", e);
        }
    }

    private static string Ask(Func<string> allowed)
    {
        try
        {
            return allowed();
        }
        catch (AravisException e)
        {
            return $"unknown ({e.Message})";
        }
    }

    private delegate void GetBounds(nint device, out double lowest, out double highest, out nint error);

    private delegate void SetValue(nint device, double value, out nint error);

    private delegate double GetValue(nint device, out nint error);
}
