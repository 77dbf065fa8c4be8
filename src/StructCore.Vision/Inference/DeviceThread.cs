using System.Collections.Concurrent;

namespace StructCore.Vision.Inference;

/// <summary>The one thread that runs sessions on a device: CUDA's provider keeps handles, streams and captured graphs for each thread it is called from.</summary>
internal sealed class DeviceThread : IDisposable
{
    // Unbounded: a caller waits for its own work, so there are never more entries than callers.
    private readonly BlockingCollection<Task> _work = [];
    private readonly Thread _thread;

    public DeviceThread()
    {
        _thread = new Thread(RunAll) { IsBackground = true, Name = "device" };
        _thread.Start();
    }

    /// <summary>Does <paramref name="work"/> after what others have asked for, and throws what it throws.</summary>
    public T Run<T>(Func<T> work)
    {
        var task = new Task<T>(work);
        _work.Add(task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Finishes what was asked for and ends the thread.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void RunAll()
    {
        foreach (var task in _work.GetConsumingEnumerable())
        {
            task.RunSynchronously();
        }
    }
}
