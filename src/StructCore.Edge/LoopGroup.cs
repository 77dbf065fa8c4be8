namespace StructCore.Edge;

/// <summary>Loops that run together and end together; the owner starts and stops them.</summary>
internal sealed class LoopGroup : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _loops = [];

    /// <summary>Faults when a loop does: its owner can no longer do its work.</summary>
    public Task Broken => _broken.Task;

    public void Start(Func<CancellationToken, Task> loop) => _loops.Add(RunAsync(loop));

    /// <summary>Cancels the loops and waits until the last has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        // A loop must not run in its starter before it first waits.
        await Task.Yield();
        try
        {
            await loop(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            _broken.TrySetException(e);
        }
    }
}
