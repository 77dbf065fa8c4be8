using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace StructCore.Tests;

/// <summary>A network cable that can be cut, stalled, slowed down and plugged in again: a loopback proxy before a server. Bytes under way are lost with their connection.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int BitesPerSecond = 20;
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private CancellationTokenSource _plugged = new();
    private TaskCompletionSource _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _answersFlow;
    private int? _cutAfter;
    private TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>How long every byte is under way, in each direction.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What each connection carries to the server; 0: as much as comes.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Ends when bytes arrived that are held back since the last <see cref="Stall"/>.</summary>
    public Task Holding => _holding.Task;

    public static TcpProxy Start(int targetPort) => new(targetPort);

    /// <summary>Bytes are held back, in both directions or only those to the server; connections stay.</summary>
    public void Stall(bool answersFlow = false)
    {
        lock (_gate)
        {
            _answersFlow = answersFlow;
            if (_flowing.Task.IsCompleted)
            {
                _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

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

    /// <summary>Cuts the line as soon as so many more bytes have gone to the server; the task ends then.</summary>
    public Task CutAfter(int bytes)
    {
        lock (_gate)
        {
            _cutAfter = bytes;
            _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _cut.Task;
        }
    }

    /// <summary>Resets all connections and throws held bytes away; new connections are served.</summary>
    public void Reset()
    {
        Cut();
        Open();
    }

    /// <summary>Resets all connections, throws held bytes away and refuses new connections.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener.Stop();
            _cutAfter = null;
            _cut.TrySetResult();
            foreach (var socket in _open)
            {
                // Zero seconds: with a reset, as a dead line ends for its far side.
                socket.Close(timeout: 0);
            }

            _open.Clear();
            _flowing.TrySetResult();
            _plugged.Cancel();
            _plugged = new CancellationTokenSource();
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
            CancellationToken plugged;
            lock (_gate)
            {
                _open.AddRange([near, far]);
                plugged = _plugged.Token;
            }

            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAll(PumpAsync(near, far, answers: false, plugged), PumpAsync(far, near, answers: true, plugged));
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

    private async Task PumpAsync(Socket from, Socket to, bool answers, CancellationToken plugged)
    {
        // Not bounded: a line that stands still shows in nothing the sender can see, and tests send little.
        var line = Channel.CreateUnbounded<(byte[] Bytes, long Entered)>(new() { SingleReader = true, SingleWriter = true });
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(plugged);
        var carrying = CarryAsync(line.Reader, to, answers, broken.Token);
        var reading = ReadAsync(from, line.Writer);
        try
        {
            // In order to its end, unless one of the two breaks.
            await await Task.WhenAny(reading, carrying);
            await carrying;
        }
        finally
        {
            await broken.CancelAsync();
            from.Dispose();
            to.Dispose();
            await Task.WhenAll(reading, carrying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, long Entered)> line)
    {
        var buffer = new byte[65536];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            line.TryWrite((buffer[..count], Stopwatch.GetTimestamp()));
        }

        line.Complete();
    }

    private async Task CarryAsync(ChannelReader<(byte[] Bytes, long Entered)> line, Socket to, bool answers, CancellationToken broken)
    {
        await foreach (var (bytes, entered) in line.ReadAllAsync(broken))
        {
            await PassAsync(Latency - Stopwatch.GetElapsedTime(entered), broken);
            for (var sent = 0; sent < bytes.Length;)
            {
                await FlowingAsync(answers).WaitAsync(broken);
                var count = Admit(bytes.Length - sent, answers);
                await to.SendAsync(bytes.AsMemory(sent, count), broken);
                CutWhereDue();
                sent += count;
                await PassAsync(!answers && BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)count / BytesPerSecond) : TimeSpan.Zero, broken);
            }
        }
    }

    private Task FlowingAsync(bool answers)
    {
        lock (_gate)
        {
            var flowing = answers && _answersFlow ? Task.CompletedTask : _flowing.Task;
            if (!flowing.IsCompleted)
            {
                _holding.TrySetResult();
            }

            return flowing;
        }
    }

    // How many bytes may go at once: a slow line takes small bites, a line that is to be cut none beyond the cut. Answers go as they come.
    private int Admit(int count, bool answers)
    {
        lock (_gate)
        {
            if (answers)
            {
                return count;
            }

            count = BytesPerSecond > 0 ? Math.Min(count, Math.Max(1, BytesPerSecond / BitesPerSecond)) : count;
            count = Math.Min(count, _cutAfter ?? count);
            _cutAfter -= count;
            return count;
        }
    }

    private void CutWhereDue()
    {
        lock (_gate)
        {
            if (_cutAfter == 0)
            {
                Cut();
            }
        }
    }

    // The delay is what this line is like; no test waits for anything by it.
    private static Task PassAsync(TimeSpan time, CancellationToken broken) => time > TimeSpan.Zero ? Task.Delay(time, broken) : Task.CompletedTask;

    private static bool IsClosed(Exception exception) => exception is SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;
}
