namespace StructCore.Edge.Cameras.Video;

/// <summary>
/// A video file, device, RTSP or HTTP address or GStreamer pipeline through OpenCV. A file gives its frames one by one; anything
/// else gives the next that comes. What exposure, camera and network hold back cannot be seen from here: LatencyMs says it.
/// </summary>
internal sealed class VideoCamera(CameraOptions options, VideoCapture.Opener open, TimeProvider time) : ICamera
{
    private const int MostHung = 2;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    // Captures that hang in a native call and close themselves when it returns.
    private readonly List<CaptureThread> _hung = [];
    private VideoSource _source = VideoSource.Parse(options.Source);
    private CaptureThread? _thread;
    private long _frames;

    public string Id => options.Id;

    public bool IsLive => _source.IsLive;

    public bool CanProbe => _source.IsLive;

    public string? Failure => _thread?.Failure is { } reason ? $"Camera '{Id}': '{_source}' {reason}. {_source.Remedy}" : null;

    public CameraCounters Counters => new(Volatile.Read(ref _frames), 0, 0);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await CloseAsync();

        // A name under /dev/v4l/by-id may lead elsewhere after the cable was out.
        _source = VideoSource.Parse(options.Source);
        _hung.RemoveAll(t => t.Ended.IsCompleted);
        if (_hung.Count >= MostHung)
        {
            throw new CameraException($"Camera '{Id}': '{_source}' was opened {MostHung} times and hangs in its driver; it is not opened again before one of them returns. Disconnect the camera; restart the agent if that does not help.");
        }

        if (_source.IsMissing())
        {
            throw new CameraException($"Camera '{Id}': '{_source}' does not exist. {_source.Remedy}");
        }

        _thread = new CaptureThread(_source, options, open, time);
        try
        {
            await _thread.Opened.WaitAsync(VideoCapture.OpenTimeout, time, cancellationToken);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            await CloseAsync();
            throw new CameraException($"Camera '{Id}': '{_source}' cannot be opened: {(e is TimeoutException ? $"no answer within {VideoCapture.OpenTimeout.TotalSeconds} s" : e.Message)}. {_source.Remedy}", e);
        }
        catch (OperationCanceledException)
        {
            await CloseAsync();
            throw;
        }
    }

    public async Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_thread is null)
        {
            return GrabResult.Failed($"Camera '{Id}' is not open.");
        }

        try
        {
            var captured = await _thread.NextAsync(TimeSpan.FromMilliseconds(options.GrabTimeoutMs), cancellationToken);
            if (captured.Image is not { } image)
            {
                return GrabResult.Failed($"Camera '{Id}': '{_source}' {captured.Failure}. {_source.Remedy}");
            }

            var result = FrameRegion.ToFrame(options, $"{Id}-{++_frames:D6}", image, captured.CapturedAt, captured.Timestamp);
            return result.Frame is { } frame ? GrabResult.Of(frame with { Repeats = captured.Repeats }) : result;
        }
        catch (TimeoutException)
        {
            return GrabResult.Failed($"Camera '{Id}': '{_source}' gave no frame within {options.GrabTimeoutMs} ms. {_source.Remedy}");
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Waits for the source to be closed, so that it can be opened again; one that hangs is left to its thread, which closes it when the call returns.</summary>
    private async Task CloseAsync()
    {
        if (_thread is not { } thread)
        {
            return;
        }

        _thread = null;
        thread.Stop();
        try
        {
            await thread.Ended.WaitAsync(CloseTimeout, time);
        }
        catch (TimeoutException)
        {
            // Nothing more can be done from here; opening again says whether the device is free.
            _hung.Add(thread);
        }
    }
}
