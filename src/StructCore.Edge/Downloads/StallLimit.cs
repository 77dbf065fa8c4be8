namespace StructCore.Edge.Downloads;

/// <summary>How long anything on the network may take before it counts as broken off.</summary>
internal sealed class StallLimit(TimeSpan longest, TimeProvider time)
{
    /// <exception cref="TimeoutException">It took longer; <paramref name="wait"/> was cancelled.</exception>
    public async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await wait(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"sent nothing for {longest.TotalSeconds:F0} s", e);
        }
    }
}
