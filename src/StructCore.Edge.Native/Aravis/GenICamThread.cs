using System.Net;
using StructCore.Edge.Cameras;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The thread that owns an open camera from start to end, since Aravis' calls block, for seconds where the camera does not answer.</summary>
internal sealed class GenICamThread
{
    private const string WasClosed = "was closed";

    // Beyond the camera's own time limit: it is told from one that leaves a command unanswered, for which Aravis waits 2.5 s.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    // How long it takes to notice that the camera is lost, and for the counters to be renewed, while nobody asks for a frame.
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);

    private readonly CameraOptions _camera;
    private readonly TimeProvider _time;
    private readonly (long Incomplete, long LostPackets) _lostBefore;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<GenICamGrabber.Captured>? _request;
    private long _incomplete;
    private long _lostPackets;
    private volatile DeviceWatch? _watch;
    private volatile string? _ending;
    private volatile bool _stopped;

    /// <param name="camera">The camera to open.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="lostBefore">What <see cref="Losses"/> begin with.</param>
    public GenICamThread(CameraOptions camera, TimeProvider time, (long Incomplete, long LostPackets) lostBefore)
    {
        (_camera, _time, _lostBefore) = (camera, time, lostBefore);
        new Thread(Run) { IsBackground = true, Name = $"camera {camera.Id}" }.Start();
    }

    /// <summary>Ends when the camera acquires, or with a <see cref="CameraException"/> or <see cref="AravisException"/> of why it does not.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Ends when the camera is closed, which takes seconds where it is gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why no frame can come any more; null while one can.</summary>
    public string? Failure => _ending ?? _watch?.Failure;

    /// <summary>Incomplete frames and lost packets.</summary>
    public (long Incomplete, long LostPackets) Losses => (_lostBefore.Incomplete + Volatile.Read(ref _incomplete), _lostBefore.LostPackets + Volatile.Read(ref _lostPackets));

    /// <summary>The frame that belongs to this call; one caller at a time. Who stops waiting, by <paramref name="abandoned"/>, gives it up.</summary>
    public async Task<GenICamGrabber.Captured> NextAsync(CancellationToken abandoned)
    {
        var request = new TaskCompletionSource<GenICamGrabber.Captured>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = abandoned.UnsafeRegister(static (state, token) => ((TaskCompletionSource<GenICamGrabber.Captured>)state!).TrySetCanceled(token), request);
        Interlocked.Exchange(ref _request, request);
        if (_ending is { } reason)
        {
            return GenICamGrabber.Captured.Broken(reason);
        }

        _wake.Release();
        try
        {
            return await request.Task.WaitAsync(TimeSpan.FromMilliseconds(_camera.GrabTimeoutMs) + Grace, _time, abandoned);
        }
        catch (TimeoutException)
        {
            request.TrySetCanceled(CancellationToken.None);
            return GenICamGrabber.Captured.Broken(Failure ?? $"did not answer within {_camera.GrabTimeoutMs} ms");
        }
    }

    /// <summary>Asks the thread to close the camera after the call it is in.</summary>
    public void Stop()
    {
        _stopped = true;
        _wake.Release();
    }

    private void Run()
    {
        try
        {
            AravisDevices.Guard(() =>
            {
                using var device = Locate();
                Use(device);
                return true;
            });
        }
        catch (Exception e)
        {
            // The boundary of the thread: who opens gets it from the task, who grabs as the reason.
            _opened.TrySetException(e);
            _ = _opened.Task.Exception;
            End(e.Message);
        }

        _ended.SetResult();
    }

    private void Use(GenICamDevice device)
    {
        if (!device.IsController)
        {
            throw new CameraException($"Camera '{_camera.Id}': '{_camera.Source}' is in use by another program. End that program, or wait some seconds if it was killed.");
        }

        var settings = new GenICamSettings(device, _camera);
        settings.Apply();
        using var stream = GenICamStream.Open(device, _camera.GenICam ?? new GenICamOptions());
        device.Execute("AcquisitionStart");
        using var watch = new DeviceWatch(device);
        _watch = watch;
        var grabber = new GenICamGrabber(device, stream, watch, _camera, settings.Exposure(), _time);
        _opened.SetResult();
        while (!_stopped && watch.Failure is null)
        {
            _wake.Wait(Idle);
            Serve(grabber);
            var (incomplete, lostPackets) = stream.Losses();
            Volatile.Write(ref _incomplete, incomplete);
            Volatile.Write(ref _lostPackets, lostPackets);
        }

        // Told before the camera is closed, which waits for its answers.
        End(watch.Failure ?? WasClosed);
        if (watch.Failure is null)
        {
            device.Execute("AcquisitionStop");
        }
    }

    private void Serve(GenICamGrabber grabber)
    {
        if (Interlocked.Exchange(ref _request, null) is not { } request)
        {
            return;
        }

        try
        {
            request.TrySetResult(grabber.Grab(() => _stopped || request.Task.IsCompleted));
        }
        catch (Exception e) when (e is AravisException or IOException)
        {
            request.TrySetResult(GenICamGrabber.Captured.Broken(e.Message));
        }
    }

    private void End(string reason)
    {
        _ending ??= reason;
        Interlocked.Exchange(ref _request, null)?.TrySetResult(GenICamGrabber.Captured.Broken(_ending));
    }

    private GenICamDevice Locate()
    {
        var source = _camera.Source;
        if (source.Count(c => c == '.') == 3 && IPAddress.TryParse(source, out var address))
        {
            // Aravis would wait ten times as long for one that is not there.
            using var probe = new GvcpProbe(address);
            if (probe.Ask() == GvcpProbe.Answer.None && probe.Ask() == GvcpProbe.Answer.None)
            {
                throw new CameraException($"Camera '{_camera.Id}': no GigE Vision camera answers at '{source}'. {GenICamCamera.Remedy}");
            }

            return GenICamDevice.Open(source);
        }

        var found = AravisDevices.Discover();
        return found.Where(c => c.Serial == source || c.Id == source).ToArray() switch
        {
            [var one] => GenICamDevice.Open(one.Id),
            [] => throw new CameraException($"Camera '{_camera.Id}': no camera '{source}' answers; found: {(found.Count == 0 ? "none" : string.Join(", ", found.Select(c => $"{c.Serial} ({c.Id}, {c.Address})")))}. {GenICamCamera.Remedy}"),
            var several => throw new CameraException($"Camera '{_camera.Id}': several cameras have the serial number '{source}'. Set the camera's Source to one of {string.Join(", ", several.Select(c => c.Id))}."),
        };
    }
}
