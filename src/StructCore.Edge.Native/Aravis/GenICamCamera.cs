using StructCore.Edge.Cameras;

namespace StructCore.Edge.Native.Aravis;

/// <summary>
/// A GigE Vision or USB3 Vision camera through Aravis. A frame counts as captured: with a software trigger when the command is sent; free running
/// when its exposure began, by the arrival of its first packet; with a hardware trigger when that packet arrived.
/// </summary>
internal sealed class GenICamCamera(CameraOptions options, TimeProvider time) : ICamera
{
    public const string Remedy = "Check its power and cable and the network; 'structcore camera list' shows what answers.";

    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private volatile GenICamThread? _thread;

    // Still there when the camera is closed, since the counters never go back.
    private volatile GenICamThread? _counting;
    private long _frames;

    public string Id => options.Id;

    /// <summary>An edge belongs to a part: nobody else may take its frame.</summary>
    public bool CanProbe => options.GenICam?.Trigger != "hardware";

    public string? Failure => _thread?.Failure is { } reason ? Describe(reason) : null;

    public CameraCounters Counters
    {
        get
        {
            var (incomplete, lostPackets) = _counting?.Losses ?? default;
            return new(Volatile.Read(ref _frames), incomplete, lostPackets);
        }
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await CloseAsync();
        var thread = new GenICamThread(options, time, _counting?.Losses ?? default);
        try
        {
            await thread.Opened.WaitAsync(OpenTimeout, time, cancellationToken);
            _thread = _counting = thread;
        }
        catch (AravisException e)
        {
            throw new CameraException($"Camera '{Id}': '{options.Source}' cannot be opened: {e.Message}. {Remedy}", e);
        }
        catch (TimeoutException e)
        {
            throw new CameraException($"Camera '{Id}': '{options.Source}' cannot be opened: not done within {OpenTimeout.TotalSeconds} s. {Remedy}", e);
        }
        finally
        {
            if (_thread is null)
            {
                thread.Stop();
            }
        }
    }

    public async Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_thread is not { } thread)
        {
            return GrabResult.Failed($"Camera '{Id}' is not open.");
        }

        var captured = await thread.NextAsync(cancellationToken);
        return captured switch
        {
            { Image: { } image } => GrabResult.Of(new Frame($"{Id}-{Interlocked.Increment(ref _frames):D6}", image, captured.Moment.Utc, captured.Moment.Timestamp)),
            { CameraWorks: true } => GrabResult.Spoilt($"Camera '{Id}': '{options.Source}' {captured.Failure}."),
            _ => GrabResult.Failed(Describe(captured.Failure!)),
        };
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private string Describe(string reason) => $"Camera '{Id}': '{options.Source}' {reason}. {Remedy}";

    /// <summary>Waits until the camera is free for whoever opens it next; one that is gone is left to its thread, which takes seconds to give up.</summary>
    private async Task CloseAsync()
    {
        if (_thread is not { } thread)
        {
            return;
        }

        _thread = null;
        var isGone = thread.Failure is not null;
        thread.Stop();
        if (!isGone)
        {
            await thread.Ended.WaitAsync(CloseTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
