using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>
/// The thread that owns a capture, since OpenCV's calls block and cannot be cancelled. A live source is grabbed all the time, so that no
/// old frame waits in a buffer; only a frame whose grab began after it was asked for is decoded and handed out.
/// </summary>
internal sealed class CaptureThread
{
    private readonly VideoSource _source;
    private readonly bool _loop;
    private readonly int _timeoutMs;
    private readonly TimeProvider _time;

    // Wakes the thread of a file; that of a live source never sleeps.
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<Captured>? _request;
    private volatile string? _ending;
    private volatile bool _stopped;

    public CaptureThread(VideoSource source, bool loop, int timeoutMs, TimeProvider time)
    {
        (_source, _loop, _timeoutMs, _time) = (source, loop, timeoutMs, time);
        new Thread(Run) { IsBackground = true, Name = $"capture {source}" }.Start();
    }

    /// <summary>Ends when the source is open, or with an <see cref="IOException"/> of why it is not.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Ends when the source is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The next frame; one caller at a time. Who stops waiting, by <paramref name="abandoned"/>, gives up the frame.</summary>
    public async Task<Captured> NextAsync(TimeSpan timeout, CancellationToken abandoned)
    {
        var request = new TaskCompletionSource<Captured>(TaskCreationOptions.RunContinuationsAsynchronously);
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
            var capture = VideoCapture.Open(_source, _timeoutMs);
            try
            {
                _opened.SetResult();
                while (!_stopped && ending is null)
                {
                    ending = Step(ref capture);
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

    /// <summary>One frame, or none where nobody asked a file for one; why the source has ended, if it has.</summary>
    private string? Step(ref VideoCapture capture)
    {
        if (!_source.IsLive)
        {
            _wake.Wait();
        }

        // Read before the grab: a request made during it is for the frame after.
        var request = Volatile.Read(ref _request);
        if (request is null && !_source.IsLive)
        {
            return null;
        }

        if (!capture.Grab() && !(_loop && !_source.IsLive && Restart(ref capture)))
        {
            return _source.IsLive ? "stopped delivering frames" : "has no frame after its last one";
        }

        if (request is not null)
        {
            var captured = Decode(capture, _time.GetUtcNow(), _time.GetTimestamp());
            Interlocked.CompareExchange(ref _request, null, request);
            request.TrySetResult(captured);
        }

        return null;
    }

    /// <summary>Opens a file again, since not every backend can go back to its first frame.</summary>
    private bool Restart(ref VideoCapture capture)
    {
        var again = VideoCapture.Open(_source, _timeoutMs);
        capture.Dispose();
        capture = again;
        return capture.Grab();
    }

    private static Captured Decode(VideoCapture capture, DateTimeOffset capturedAt, long timestamp)
    {
        try
        {
            return new Captured(capture.Retrieve(), capturedAt, timestamp, null);
        }
        catch (IOException e)
        {
            return new Captured(null, capturedAt, timestamp, e.Message);
        }
    }

    /// <summary>A frame, or why there is none.</summary>
    internal readonly record struct Captured(RgbImage? Image, DateTimeOffset CapturedAt, long Timestamp, string? Failure);
}
