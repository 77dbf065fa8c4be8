using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StructCore.Tests.Cameras;

/// <summary>An HTTP camera on loopback: sends frame after frame to whoever connects, as fast as they are taken.</summary>
/// <param name="frame">The JPEG of a number.</param>
internal sealed class MjpegServer(Func<int, byte[]> frame) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _stalled = new(1);
    private Task _serving = Task.CompletedTask;
    private TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = int.MaxValue;

    public int Sent { get; private set; }

    public string Address => $"http://{_listener.LocalEndpoint}/stream";

    public void Start()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await SendAsync(client.GetStream());
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

    private async Task SendAsync(NetworkStream stream)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"u8.ToArray(), _stop.Token);
        while (true)
        {
            await _stalled.WaitAsync(_stop.Token);
            _stalled.Release();
            var jpeg = frame(Sent);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), _stop.Token);
            await stream.WriteAsync(jpeg, _stop.Token);
            await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
            Sent++;
            if (Sent >= Volatile.Read(ref _awaited))
            {
                _sent.TrySetResult();
            }
        }
    }
}
