using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace StructCore.Edge.Cameras;

/// <summary>A configured camera and its owner: one grab at a time, each within its time limit, and reopened until it works after a failure.</summary>
internal sealed class SharedCamera : IAsyncDisposable
{
    private const string NotOpened = "not opened yet";
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    private readonly ICamera _camera;
    private readonly TimeSpan _grabTimeout;
    private readonly bool _mustProve;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedCamera> _log;
    private readonly ResiliencePipeline _retry;
    private readonly SemaphoreSlim _turn = new(1);

    // One place, further failures are dropped: the camera is being reopened already.
    private readonly Channel<bool> _broken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile string? _failure = NotOpened;

    public SharedCamera(ICamera camera, CameraOptions options, TimeProvider time, ILogger<SharedCamera> log)
    {
        (_camera, _time, _log) = (camera, time, log);
        _grabTimeout = TimeSpan.FromMilliseconds(options.GrabTimeoutMs);

        // A folder has no device to prove, and the proof would cost one of its images.
        _mustProve = options.Kind != "folder";
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<CameraException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = LongestRetryDelay,
            OnRetry = retry =>
            {
                SetFailure(retry.Outcome.Exception!.Message);
                return default;
            },
        }).Build();
    }

    /// <summary>Raised when <see cref="Failure"/> has changed.</summary>
    public event Action? Changed;

    public string Id => _camera.Id;

    /// <summary>Why the camera gives no frames; null where it does.</summary>
    public string? Failure => _failure;

    public CameraCounters Counters => _camera.Counters;

    /// <summary>Opens the camera and, after every failure, opens it again until a frame comes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _retry.ExecuteAsync(async stopping => await OpenAsync(stopping), cancellationToken);
        SetFailure(null);
        await foreach (var _ in _broken.Reader.ReadAllAsync(cancellationToken))
        {
            await _retry.ExecuteAsync(async stopping =>
            {
                await OpenAsync(stopping);
                if (_mustProve)
                {
                    await ProveAsync(stopping);
                }
            }, cancellationToken);
            SetFailure(null);
        }
    }

    /// <summary>One frame, captured after this call. A camera that is being reopened fails at once: the part will not wait for it.</summary>
    /// <param name="cancellationToken">Ends the wait. The grab itself goes on to its own limit, so that a hanging camera is told from a short deadline.</param>
    public async Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        if (_failure is { } failure)
        {
            return GrabResult.Failed(failure);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
            return await GrabInTurnAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return GrabResult.Failed($"no frame from camera '{Id}' before the deadline");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _camera.DisposeAsync();
        _turn.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _camera.OpenAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Some devices open and still give nothing.
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        var result = await GrabInTurnAsync();
        if (result.Failure is { } reason)
        {
            throw new CameraException(reason);
        }
    }

    private async Task<GrabResult> GrabInTurnAsync()
    {
        using var limit = new CancellationTokenSource(_grabTimeout, _time);
        GrabResult result;
        try
        {
            // A driver that ignores its token is left alone; the camera's turn ends when it returns.
            result = await GrabAndReleaseAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            result = GrabResult.Failed($"no frame from camera '{Id}' within {_grabTimeout.TotalMilliseconds:F0} ms");
        }

        if (result is { Failure: { } reason, CameraWorks: false })
        {
            SetFailure(reason);
            _broken.Writer.TryWrite(true);
        }

        return result;
    }

    private async Task<GrabResult> GrabAndReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _camera.GrabAsync(cancellationToken);
        }
        catch (CameraException e)
        {
            return GrabResult.Failed(e.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void SetFailure(string? failure)
    {
        var before = _failure;
        _failure = failure;
        if (before == failure)
        {
            return;
        }

        if (failure is null)
        {
            _log.CameraWorks(Id);
        }
        else if (before is null or NotOpened)
        {
            _log.CameraFailed(Id, failure);
        }

        Changed?.Invoke();
    }
}
