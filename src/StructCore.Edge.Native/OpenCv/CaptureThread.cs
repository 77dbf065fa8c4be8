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
            return new Captured(null, default, reason);
        }

        try
        {
            _wake.Release();
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
        try
        {
            var capture = VideoCapture.Open(_source, _timeoutMs);
            try
            {
                _opened.SetResult();
                while (!_stopped && Step(ref capture))
                {
                }
            }
            finally
            {
                capture.Dispose();
            }

            End("was closed");
        }
        catch (Exception e)
        {
            // The boundary of the thread: whoever waits gets it.
            _opened.TrySetException(e);
            _ = _opened.Task.Exception;
            End(e.Message);
        }
    }

    /// <summary>One frame, or none where nobody asked a file for one; false at the end of the source.</summary>
    private bool Step(ref VideoCapture capture)
    {
        if (!_source.IsLive)
        {
            _wake.Wait();
        }

        // Read before the grab: a request made during it is for the frame after.
        var request = Volatile.Read(ref _request);
        if (request is null && !_source.IsLive)
        {
            return true;
        }

        if (!capture.Grab() && !(_loop && !_source.IsLive && Restart(ref capture)))
        {
            End(_source.IsLive ? "stopped delivering frames" : "has no frame after its last one");
            return false;
        }

        if (request is not null)
        {
            var capturedAt = _time.GetUtcNow();
            Interlocked.CompareExchange(ref _request, null, request);
            request.TrySetResult(Decode(capture, capturedAt));
        }

        return true;
    }

    /// <summary>Opens a file again, since not every backend can go back to its first frame.</summary>
    private bool Restart(ref VideoCapture capture)
    {
        var again = VideoCapture.Open(_source, _timeoutMs);
        capture.Dispose();
        capture = again;
        return capture.Grab();
    }

    private static Captured Decode(VideoCapture capture, DateTimeOffset capturedAt)
    {
        try
        {
            return new Captured(capture.Retrieve(), capturedAt, null);
        }
        catch (IOException e)
        {
            return new Captured(null, capturedAt, e.Message);
        }
    }

    private void End(string reason)
    {
        _ending ??= reason;
        Interlocked.Exchange(ref _request, null)?.TrySetResult(new Captured(null, default, _ending));
        _ended.TrySetResult();
    }

    /// <summary>A frame, or why there is none.</summary>
    internal readonly record struct Captured(RgbImage? Image, DateTimeOffset CapturedAt, string? Failure);
}
