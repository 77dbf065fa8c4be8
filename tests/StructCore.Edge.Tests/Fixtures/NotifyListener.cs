using System.Net.Sockets;
using System.Text;

namespace StructCore.Tests;

/// <summary>systemd's end of the notification socket: keeps every datagram, with the moment it came.</summary>
internal sealed class NotifyListener : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Lock _gate = new();
    private readonly List<(TimeSpan At, string Message)> _received = [];
    private readonly string? _file;
    private readonly Task _loop;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NotifyListener(bool inAbstractNamespace = false)
    {
        var name = Path.Combine(Path.GetTempPath(), $"structcore-notify-{Guid.NewGuid():N}");
        _file = inAbstractNamespace ? null : name;
        Address = inAbstractNamespace ? "@" + name : name;
        _socket.Bind(new UnixDomainSocketEndPoint(inAbstractNamespace ? "\0" + name : name));
        _loop = Task.Run(ReceiveAsync);
    }

    /// <summary>For <c>NOTIFY_SOCKET</c>.</summary>
    public string Address { get; }

    public IReadOnlyList<(TimeSpan At, string Message)> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public IReadOnlyList<TimeSpan> Times(string message) => [.. Received.Where(r => r.Message == message).Select(r => r.At)];

    /// <summary>Waits until what came satisfies the condition.</summary>
    public async Task WaitAsync(Func<IReadOnlyList<string>, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition([.. Received.Select(r => r.Message)]))
            {
                return;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The service did not say it. It said:\n{string.Join('\n', Received)}");
            }
        }
    }

    public Task WaitAsync(string message, int count = 1) => WaitAsync(all => all.Count(m => m == message) >= count);

    public void Dispose()
    {
        _socket.Dispose();
        _loop.GetAwaiter().GetResult();
        if (_file is not null)
        {
            File.Delete(_file);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer);
                lock (_gate)
                {
                    _received.Add((TimeProvider.System.GetElapsedTime(0), Encoding.UTF8.GetString(buffer, 0, length)));
                    _changed.SetResult();
                    _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
