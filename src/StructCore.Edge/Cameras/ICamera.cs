namespace StructCore.Edge.Cameras;

/// <summary>Seam: one frame per trigger. One caller at a time.</summary>
public interface ICamera : IAsyncDisposable
{
    /// <summary>The camera's id in the configuration.</summary>
    string Id { get; }

    /// <summary>Why no frame can come, as far as is known without a grab; null where nothing speaks against one. Cheap, thread-safe, asked several times a second.</summary>
    string? Failure { get; }

    /// <summary>Whether a device gives the frames, and not files that may hold the same picture twice.</summary>
    bool IsLive => true;

    /// <summary>Whether a grab for nobody does no harm: it costs a folder one of its images, and a camera with a hardware trigger the pulse of a part.</summary>
    bool CanProbe => true;

    /// <summary>Thread-safe.</summary>
    CameraCounters Counters { get; }

    /// <summary>Opens the device. May be called again after a failure.</summary>
    /// <exception cref="CameraException">The device is missing or refuses; the message says which, and what to check.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Grabs a frame that was captured after this call. A frame that does not come is an outcome, not an exception.</summary>
    Task<GrabResult> GrabAsync(CancellationToken cancellationToken);
}
