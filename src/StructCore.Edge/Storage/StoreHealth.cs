namespace StructCore.Edge.Storage;

/// <summary>Whether the store can be written, asked of the disk at most every few seconds.</summary>
internal sealed class StoreHealth(IInspectionStore store, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private long _checked = time.GetTimestamp();
    private string? _failure;

    /// <summary>A write has failed.</summary>
    public event Action? Failed;

    /// <summary>Why the store cannot be written; null where it can.</summary>
    public string? Check()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_checked) < Interval)
            {
                return _failure;
            }

            _checked = time.GetTimestamp();
            try
            {
                store.Check();
                _failure = null;
            }
            catch (InspectionStoreException e)
            {
                _failure = e.Message;
                Failed?.Invoke();
            }

            return _failure;
        }
    }

    /// <summary>A write has just failed.</summary>
    public void Report(InspectionStoreException exception)
    {
        lock (_gate)
        {
            (_failure, _checked) = (exception.Message, time.GetTimestamp());
            Failed?.Invoke();
        }
    }
}
