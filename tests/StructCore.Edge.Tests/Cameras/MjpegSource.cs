using System.Text;

namespace StructCore.Tests.Cameras;

/// <summary>A live camera: sends frame after frame to whoever reads, as fast as they are taken.</summary>
/// <param name="frame">The JPEG of a number.</param>
public abstract class MjpegSource(Func<int, byte[]> frame) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _stalled = new(1);
    private Task _serving = Task.CompletedTask;
    private TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = int.MaxValue;

    public int Sent { get; private set; }

    public abstract string Address { get; }

    public virtual void Start() => _serving = ServeAsync();

    /// <summary>Ends when <paramref name="frames"/> more have been sent.</summary>
    public Task AfterAsync(int frames)
    {
        _sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _awaited, Sent + frames);
        return _sent.Task;
    }

    /// <summary>Sends nothing more, and does not hang up.</summary>
    public Task StallAsync() => _stalled.WaitAsync();

    /// <summary>Goes on after a stall.</summary>
    public void Resume() => _stalled.Release();

    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        using (Release())
        {
            await _serving;
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the next reader.</summary>
    protected abstract Task<Stream> AcceptAsync(CancellationToken cancellationToken);

    /// <summary>Ends a wait for a reader that no token ends, until it is disposed of.</summary>
    protected virtual IDisposable? Release() => null;

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await using var reader = await AcceptAsync(_stop.Token);
                try
                {
                    await SendAsync(reader);
                }
                catch (IOException)
                {
                    // Hung up; the next one may come.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task SendAsync(Stream reader)
    {
        while (true)
        {
            await _stalled.WaitAsync(_stop.Token);
            _stalled.Release();
            var jpeg = frame(Sent);
            await reader.WriteAsync(Encoding.ASCII.GetBytes($"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), _stop.Token);
            await reader.WriteAsync(jpeg, _stop.Token);
            await reader.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
            Sent++;
            if (Sent >= Volatile.Read(ref _awaited))
            {
                _sent.TrySetResult();
            }
        }
    }
}
