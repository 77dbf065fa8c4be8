using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace StructCore.Edge.Cameras;

/// <summary>A configured camera and its owner: one grab at a time, each within its time limit and past the guards; watched while nobody asks, and reopened until it works after a failure.</summary>
internal sealed class SharedCamera : IAsyncDisposable
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StalePause = TimeSpan.FromMilliseconds(5);

    // The driver has the same limit and better words for it: it may speak first.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    // How many looks at a black camera pass before one of them costs a frame: one a second.
    private const int LooksPerProbe = 4;

    private readonly ICamera _camera;
    private readonly FrameGuard _guard;
    private readonly TimeSpan _grabTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedCamera> _log;
    private readonly ResiliencePipeline<CameraFault?> _retry;

    // Waiters are served in the order they came, whichever station they belong to.
    private readonly SemaphoreSlim _turn = new(1);

    // One place, further failures are dropped: the camera is being reopened already.
    private readonly Channel<bool> _broken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private CameraFault? _fault = CameraFault.Failed("not opened yet");
    private DateTimeOffset _since;
    private bool _told;
    private long _reconnects;

    public SharedCamera(ICamera camera, CameraOptions options, TimeProvider time, ILogger<SharedCamera> log)
    {
        (_camera, _time, _log, _since) = (camera, time, log, time.GetUtcNow());
        _guard = new FrameGuard(camera.Id, options.Guards, camera.IsLive, time);
        _grabTimeout = TimeSpan.FromMilliseconds(options.GrabTimeoutMs);
        _retry = new ResiliencePipelineBuilder<CameraFault?> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<CameraFault?>
        {
            ShouldHandle = new PredicateBuilder<CameraFault?>().HandleResult(f => f?.Leaves == CameraHealth.Failed),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = LongestRetryDelay,
            OnRetry = retry =>
            {
                Set(retry.Outcome.Result);
                return default;
            },
        }).Build();
    }

    /// <summary>Raised when <see cref="Failure"/> has changed; in order, and not to be held up.</summary>
    public event Action? Changed;

    public string Id => _camera.Id;

    /// <summary>Why the camera gives no frames of use; null where it does.</summary>
    public string? Failure => Fault?.Summary;

    public CameraCounters Counters => _guard.Count(_camera.Counters) with { Reconnects = Interlocked.Read(ref _reconnects) };

    public CameraStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new(Id, _fault?.Leaves ?? CameraHealth.Works, Failure, _since, Counters);
            }
        }
    }

    private CameraFault? Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    private CameraFault? Broken => Fault is { Leaves: CameraHealth.Failed } fault ? fault : null;

    /// <summary>Opens the camera and, after every failure, opens it again until a frame comes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var loops = new LoopGroup();
        loops.Start(WatchAsync);
        loops.Start(KeepOpenAsync);
        await loops.Broken.WaitAsync(cancellationToken);
    }

    /// <summary>One frame, captured after the trigger came. A camera that is being reopened fails at once: the part will not wait for it.</summary>
    /// <param name="triggered">When the trigger was received, on the monotonic clock.</param>
    /// <param name="cancellationToken">Ends the wait. The grab itself goes on to its own limit, so that a hanging camera is told from a short deadline.</param>
    /// <returns>The frame, or a failure that begins with its code.</returns>
    public async Task<GrabResult> GrabAsync(long triggered, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            return await ServeAsync(triggered).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return GrabResult.Failed(CameraFault.Failed($"no frame from camera '{Id}' before the deadline").ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _camera.DisposeAsync();
        _turn.Dispose();
    }

    private async Task KeepOpenAsync(CancellationToken cancellationToken)
    {
        Set(await _retry.ExecuteAsync(OpenAsync, cancellationToken));
        await foreach (var _ in _broken.Reader.ReadAllAsync(cancellationToken))
        {
            var fault = await _retry.ExecuteAsync(OpenAsync, cancellationToken);
            Interlocked.Increment(ref _reconnects);
            Set(fault);
        }
    }

    /// <summary>A camera that dies between two parts must not be found by the next part.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, _time);
        for (var looks = 1; await timer.WaitForNextTickAsync(cancellationToken); looks++)
        {
            // A grab or an opening that runs will say itself how the camera is.
            if (Broken is not null || _turn.CurrentCount == 0)
            {
                continue;
            }

            if (_camera.Failure is { } reason)
            {
                Report(CameraFault.Failed(reason));
            }
            else if (Fault is not null && _camera.CanProbe && looks % LooksPerProbe == 0)
            {
                // It is black: the light may be back although no part comes.
                var probe = await GrabAsync(_time.GetTimestamp(), cancellationToken);
                probe.Frame?.Dispose();
            }
        }
    }

    /// <summary>Opens, and grabs once for nobody: some devices open and still give nothing.</summary>
    private async ValueTask<CameraFault?> OpenAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _camera.OpenAsync(cancellationToken);
        }
        catch (CameraException e)
        {
            return CameraFault.Failed(e.Message);
        }
        finally
        {
            _turn.Release();
        }

        if (!_camera.CanProbe)
        {
            return null;
        }

        await _turn.WaitAsync(cancellationToken);
        var (frame, fault) = await GrabInTurnAsync(_time.GetTimestamp()).WaitAsync(cancellationToken);
        frame?.Dispose();
        return fault is { Leaves: CameraHealth.Works } ? null : fault;
    }

    private async Task<GrabResult> ServeAsync(long triggered)
    {
        if (Broken is { } broken)
        {
            _turn.Release();
            return GrabResult.Failed(broken.ToString());
        }

        var (frame, fault) = await GrabInTurnAsync(triggered);
        if (fault is null)
        {
            return GrabResult.Of(frame!);
        }

        frame?.Dispose();
        return new(null, fault.ToString(), fault.Leaves != CameraHealth.Failed);
    }

    /// <summary>For who holds the turn; it ends when the driver returns.</summary>
    private async Task<(Frame? Frame, CameraFault? Fault)> GrabInTurnAsync(long triggered)
    {
        using var limit = new CancellationTokenSource(_grabTimeout + Grace, _time);
        try
        {
            // A driver that ignores its token is left alone.
            return await GrabAndReleaseAsync(triggered, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            var fault = CameraFault.Failed($"no frame from camera '{Id}' within {_grabTimeout.TotalMilliseconds:F0} ms");
            Report(fault);
            return (null, fault);
        }
    }

    private async Task<(Frame? Frame, CameraFault? Fault)> GrabAndReleaseAsync(long triggered, CancellationToken cancellationToken)
    {
        try
        {
            var grabbed = await GrabFreshAsync(triggered, cancellationToken);

            // Before the turn ends: whoever is next must not ask a camera that has just failed.
            Report(grabbed.Fault);
            return grabbed;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(Frame? Frame, CameraFault? Fault)> GrabFreshAsync(long triggered, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        try
        {
            while (true)
            {
                var result = await _camera.GrabAsync(cancellationToken);
                if (result.Frame is not { } frame)
                {
                    return (null, result.CameraWorks ? CameraFault.Spoilt(result.Failure!) : CameraFault.Failed(result.Failure!));
                }

                var fault = _guard.Check(frame, triggered);
                var again = frame.Timestamp < triggered && _camera.CanProbe && _time.GetElapsedTime(begun) < _grabTimeout;
                if (!again)
                {
                    return (frame, fault);
                }

                frame.Dispose();
                await Task.Delay(StalePause, _time, cancellationToken);
            }
        }
        catch (CameraException e)
        {
            return (null, CameraFault.Failed(e.Message));
        }
    }

    /// <summary>What a grab, or a look, says of the camera. One that is being reopened only its opening calls well again.</summary>
    private void Report(CameraFault? fault)
    {
        if (fault is { Leaves: CameraHealth.Works } || Broken is not null)
        {
            return;
        }

        Set(fault);
        if (fault is { Leaves: CameraHealth.Failed })
        {
            _broken.Writer.TryWrite(true);
        }
    }

    private void Set(CameraFault? fault)
    {
        lock (_gate)
        {
            var (before, after) = (_fault?.Leaves ?? CameraHealth.Works, fault?.Leaves ?? CameraHealth.Works);
            var changed = _fault?.Summary != fault?.Summary;
            _fault = fault;
            if (before != after)
            {
                _since = _time.GetUtcNow();
            }

            // The first failure follows the state before the opening, which nobody was told.
            if (before != after || !_told)
            {
                Tell(fault);
            }

            _told = true;
            if (changed)
            {
                Changed?.Invoke();
            }
        }
    }

    private void Tell(CameraFault? fault)
    {
        switch (fault?.Leaves)
        {
            case null:
                _log.CameraWorks(Id);
                break;
            case CameraHealth.Failed:
                _log.CameraFailed(Id, fault.Summary);
                break;
            default:
                _log.CameraDegraded(Id, fault.Summary);
                break;
        }
    }
}
