using StructCore.Edge.Cameras;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The frames of an open camera. A fixed number of buffers goes round: Aravis' thread fills them, whoever pops one returns it.</summary>
internal sealed class GenICamStream : IDisposable
{
    private const int NeverResend = 0;

    // In the kernel, for the time the receiver does not run; net.core.rmem_max caps it.
    private const long SmallestSocketBuffer = 1 << 20;
    private const long LargestSocketBuffer = 1 << 26;

    private readonly GenICamDevice _device;
    private nint _stream;
    private long _tooShort;

    private GenICamStream(GenICamDevice device, nint stream) => (_device, _stream) = (device, stream);

    /// <exception cref="AravisException">The camera refuses.</exception>
    public static GenICamStream Open(GenICamDevice device, GenICamOptions options)
    {
        if (device.IsGigE)
        {
            // Packet sockets need a capability the service does not have; so every run takes the same way.
            AravisLibrary.SetStreamOptions(device.Handle, AravisLibrary.PacketSocketDisabled);
            AravisLibrary.SetPacketSizeAdjustment(device.Handle, options.PacketSize is null ? AravisLibrary.AdjustPacketSizeOnce : AravisLibrary.AdjustPacketSizeNever);
            if (options.PacketSize is { } size)
            {
                AravisLibrary.SetPacketSize(device.Handle, size, out var refused);
                AravisException.Check(refused);
            }
        }

        var handle = AravisLibrary.CreateStream(device.Handle, callback: 0, state: 0, out var error);
        AravisException.Check(error);
        var stream = new GenICamStream(device, handle);
        try
        {
            stream.Prepare(options);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A filled buffer, which is the caller's until it is returned; 0 where none came in time.</summary>
    public nint Pop(TimeSpan timeout) => AravisLibrary.PopBuffer(_stream, (ulong)timeout.TotalMicroseconds);

    public void Return(nint buffer) => AravisLibrary.PushBuffer(_stream, buffer);

    /// <summary>Gives back whatever is filled already.</summary>
    public void DropCompleted()
    {
        while (AravisLibrary.TryPopBuffer(_stream) is not 0 and var buffer)
        {
            Return(buffer);
        }
    }

    /// <summary>Afterwards nothing comes that was exposed before. The receiver too, since it takes frames that are numbered anew for late ones.</summary>
    public void Restart()
    {
        _device.Execute("AcquisitionStop");
        _ = AravisLibrary.StopThread(_stream, deleteBuffers: 0);
        DropCompleted();
        AravisLibrary.StartThread(_stream);
        _device.Execute("AcquisitionStart");
    }

    /// <summary>Counts a frame as incomplete that Aravis took for a whole one.</summary>
    public void CountTooShort() => _tooShort++;

    /// <summary>Incomplete frames and lost packets so far. Of a frame that stays incomplete Aravis counts every packet from the first gap on.</summary>
    public (long Incomplete, long LostPackets) Losses()
    {
        AravisLibrary.Statistics(_stream, out _, out var failed, out _);
        var (resent, missing) = (0UL, 0UL);
        if (_device.IsGigE)
        {
            AravisLibrary.PacketStatistics(_stream, out resent, out missing);
        }

        return ((long)failed + _tooShort, (long)(resent + missing));
    }

    /// <summary>Ends the receiver and frees the buffers; before the device.</summary>
    public void Dispose()
    {
        if (_stream != 0)
        {
            GLibLibrary.Unreference(_stream);
            _stream = 0;
        }
    }

    private void Prepare(GenICamOptions options)
    {
        var payload = _device.Get("PayloadSize");
        if (_device.IsGigE)
        {
            GLibLibrary.SetInteger(_stream, "socket-buffer-size", (int)Math.Clamp(2 * payload, SmallestSocketBuffer, LargestSocketBuffer));
            GLibLibrary.SetUnsigned(_stream, "packet-timeout", (uint)options.PacketTimeoutMs * 1000);
            GLibLibrary.SetUnsigned(_stream, "frame-retention", (uint)options.FrameRetentionMs * 1000);
            if (!options.PacketResend)
            {
                GLibLibrary.SetInteger(_stream, "packet-resend", NeverResend);
            }
        }

        for (var i = 0; i < options.Buffers; i++)
        {
            Return(AravisLibrary.NewBuffer((nuint)payload));
        }
    }
}
