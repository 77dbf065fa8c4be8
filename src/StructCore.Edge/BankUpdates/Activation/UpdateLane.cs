namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Lets one update of a station work at a time; one that waits for parts of the line steps aside meanwhile.</summary>
/// <param name="left">Called when the lane is free; must return at once.</param>
internal sealed class UpdateLane(Action left) : IDisposable
{
    private readonly SemaphoreSlim _places = new(1, 1);

    public bool IsFree => _places.CurrentCount > 0;

    public Task EnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    public void Leave()
    {
        _places.Release();
        left();
    }

    /// <summary>From within: the lane is others' while <paramref name="wait"/> runs, and one's own again after it, however it ended.</summary>
    public async Task<T> AsideAsync<T>(Func<Task<T>> wait)
    {
        Leave();
        try
        {
            return await wait();
        }
        finally
        {
            await _places.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _places.Dispose();
}
