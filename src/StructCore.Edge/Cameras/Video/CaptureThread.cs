using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras.Video;

/// <summary>
/// The thread that owns a capture, since OpenCV's calls block and cannot be cancelled. A live source is grabbed all the time, so that no
/// old frame waits in a buffer; only a frame that came in, as a whole, after it was asked for is decoded and handed out.
/// </summary>
internal sealed class CaptureThread
{
    // A stream's first frame waits for a key frame. Longer than that, and a dead connection would be held for nothing.
    private const int ShortestReadTimeoutMs = 5000;

    private readonly VideoSource _source;
    private readonly CameraOptions _options;
    private readonly VideoCapture.Opener _open;
    private readonly TimeProvider _time;
    private readonly TimeSpan _latency;

    // Wakes the thread of a file; that of a live source never sleeps.
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Request? _request;

    // The frame before the one that will be handed out: what a frozen source repeats. Read while that one is waited for.
    private RgbImage? _before;
    private long _lastFrame;
    private volatile string? _ending;
    private volatile bool _stopped;

    public CaptureThread(VideoSource source, CameraOptions options, VideoCapture.Opener open, TimeProvider time)
    {
        (_source, _options, _open, _time) = (source, options, open, time);
        _latency = TimeSpan.FromMilliseconds(source.IsLive ? options.LatencyMs : 0);
        new Thread(Run) { IsBackground = true, Name = $"capture {source}" }.Start();
    }

    /// <summary>Ends when the source is open and, where it is live, has given a first frame; or with an <see cref="IOException"/> of why not.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Ends when the source is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why no frame will come, seen from outside: the thread itself may hang in a read that has no limit.</summary>
    public string? Failure =>
        _ending is { } ending ? ending
        : _source.IsLive && _opened.Task.IsCompletedSuccessfully && _time.GetElapsedTime(Volatile.Read(ref _lastFrame)).TotalMilliseconds > _options.Guards.StallMs ? $"has given no frame for {_options.Guards.StallMs} ms (Guards:StallMs)"
        : null;

    /// <summary>The next frame; one caller at a time. Who stops waiting, by <paramref name="abandoned"/>, gives up the frame.</summary>
    public async Task<Captured> NextAsync(TimeSpan timeout, CancellationToken abandoned)
    {
        var request = new Request(_time.GetTimestamp());
        Interlocked.Exchange(ref _request, request);
        if (_ending is { } reason)
        {
            return new Captured(null, default, 0, reason);
        }

        try
        {
            if (!_source.IsLive)
            {
                _wake.Release();
            }

            return await request.Task.WaitAsync(timeout, _time, abandoned);
        }
        finally
        {
            Interlocked.CompareExchange(ref _request, null, request);
        }
    }

    /// <summary>Asks the thread to close the source after the call it is in.</summary>
    public void Stop()
    {
        _stopped = true;
        _wake.Release();
    }

    private void Run()
    {
        string? ending = null;
        try
        {
            var capture = Open();
            try
            {
                if (_source.IsLive && !capture.Grab())
                {
                    throw new IOException("it gives no frame");
                }

                Volatile.Write(ref _lastFrame, _time.GetTimestamp());
                var arrivals = new ArrivalClock(capture.HeldBack);
                _opened.SetResult();
                while (!_stopped && ending is null)
                {
                    ending = _source.IsLive ? StepLive(capture, arrivals) : StepFile(ref capture);
                }
            }
            finally
            {
                capture.Dispose();
            }
        }
        catch (Exception e)
        {
            // The boundary of the thread: who opens gets it from the task, who grabs as the reason.
            _opened.TrySetException(e);
            _ = _opened.Task.Exception;
            ending = e.Message;
        }

        _ending = ending ?? "was closed";
        Interlocked.Exchange(ref _request, null)?.TrySetResult(new Captured(null, default, 0, _ending));
        _ended.SetResult();
    }

    private VideoCapture Open() => _open(_source, Math.Max(_options.GrabTimeoutMs, ShortestReadTimeoutMs));

    /// <summary>One frame; why the source has ended, if it has.</summary>
    private string? StepLive(VideoCapture capture, ArrivalClock arrivals)
    {
        var begun = _time.GetTimestamp();
        if (!capture.Grab())
        {
            return "stopped delivering frames";
        }

        var ended = _time.GetTimestamp();
        Volatile.Write(ref _lastFrame, ended);
        var arrival = arrivals.Grabbed(begun, ended);
        if (Volatile.Read(ref _request) is not { } request)
        {
            Keep(null);
        }
        else if (arrival is { Waited: true } a && a.Begun >= request.AskedAt && _time.GetElapsedTime(request.AskedAt, a.Ended) >= _latency)
        {
            Answer(request, capture, a.Ended);
        }
        else if (_options.Guards.Frozen)
        {
            Keep(capture.Retrieve());
        }

        return null;
    }

    private void Keep(RgbImage? before)
    {
        _before?.Dispose();
        _before = before;
    }

    /// <summary>One frame, or none where nobody asked for one; why the file has ended, if it has.</summary>
    private string? StepFile(ref VideoCapture capture)
    {
        _wake.Wait();
        if (Volatile.Read(ref _request) is not { } request)
        {
            return null;
        }

        if (!capture.Grab() && !(_options.Loop && Restart(ref capture)))
        {
            return "has no frame after its last one";
        }

        Answer(request, capture, _time.GetTimestamp());
        return null;
    }

    /// <summary>Opens a file again, since not every backend can go back to its first frame.</summary>
    private bool Restart(ref VideoCapture capture)
    {
        var again = Open();
        capture.Dispose();
        capture = again;
        return capture.Grab();
    }

    private void Answer(Request request, VideoCapture capture, long arrived)
    {
        var capturedAt = _time.GetUtcNow() - _time.GetElapsedTime(arrived) - _latency;
        var timestamp = arrived - (long)(_latency.TotalSeconds * _time.TimestampFrequency);
        Captured captured;
        try
        {
            var image = capture.Retrieve();
            captured = new Captured(image, capturedAt, timestamp, null, Repeats: _before is { } before && before.Pixels.SequenceEqual(image.Pixels));
        }
        catch (IOException e)
        {
            captured = new Captured(null, capturedAt, timestamp, e.Message);
        }

        Interlocked.CompareExchange(ref _request, null, request);
        request.TrySetResult(captured);
    }

    /// <summary>A frame, or why there is none.</summary>
    internal readonly record struct Captured(RgbImage? Image, DateTimeOffset CapturedAt, long Timestamp, string? Failure, bool Repeats = false);

    private sealed class Request(long askedAt) : TaskCompletionSource<Captured>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long AskedAt { get; } = askedAt;
    }
}
