using System.Net;
using System.Net.Sockets;

namespace StructCore.Tests;

/// <summary>A network cable that can be cut, stalled and plugged in again: a loopback proxy before a server.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private TaskCompletionSource _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _answersFlow;
    private TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpListener _listener;
    private Task _accepting = Task.CompletedTask;

    private TcpProxy(int target)
    {
        _target = target;
        _flowing.SetResult();
        _listener = Listen();
    }

    public string Host => "127.0.0.1";

    public int Port { get; } = LoopbackPort.Free();

    /// <summary>Ends when bytes arrived that are held back since the last <see cref="Stall"/>.</summary>
    public Task Holding => _holding.Task;

    public static TcpProxy Start(int targetPort) => new(targetPort);

    /// <summary>Bytes are held back, in both directions or only those to the server; connections stay.</summary>
    public void Stall(bool answersFlow = false)
    {
        lock (_gate)
        {
            _answersFlow = answersFlow;
            _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Held bytes and all further ones flow again.</summary>
    public void Flow()
    {
        lock (_gate)
        {
            _flowing.TrySetResult();
        }
    }

    /// <summary>Resets all connections, throws held bytes away and refuses new connections.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener.Stop();
            foreach (var socket in _open)
            {
                // Zero seconds: with a reset, as a dead line ends for its far side.
                socket.Close(timeout: 0);
            }

            _open.Clear();
            _flowing.TrySetResult();
        }
    }

    /// <summary>Accepts connections again, on the same port, after <see cref="Cut"/>.</summary>
    public void Open() => _listener = Listen();

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _accepting;
    }

    private TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _accepting = AcceptAsync(listener);
        return listener;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await listener.AcceptSocketAsync()));
            }
        }
        catch (Exception e) when (IsClosed(e))
        {
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket near)
    {
        using (near)
        using (var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            lock (_gate)
            {
                _open.AddRange([near, far]);
            }

            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAll(PumpAsync(near, far, answers: false), PumpAsync(far, near, answers: true));
            }
            catch (Exception e) when (IsClosed(e))
            {
            }
            finally
            {
                lock (_gate)
                {
                    _open.Remove(near);
                    _open.Remove(far);
                }
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                Task flowing;
                lock (_gate)
                {
                    flowing = answers && _answersFlow ? Task.CompletedTask : _flowing.Task;
                    if (!flowing.IsCompleted)
                    {
                        _holding.TrySetResult();
                    }
                }

                await flowing;
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        finally
        {
            // One side has ended: so does the other.
            from.Dispose();
            to.Dispose();
        }
    }

    private static bool IsClosed(Exception exception) => exception is SocketException or ObjectDisposedException or InvalidOperationException;
}
