using System.Runtime.InteropServices;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>The thread of a bus: it owns the native client from start to end.</summary>
internal sealed partial class MosquittoMessageBus
{
    private const int SocketLevel = 1;
    private const int SocketLinger = 13;

    private void Start(BusConnection connection)
    {
        _self = new GCHandle<MosquittoMessageBus>(this);
        nint client = 0;
        try
        {
            MosquittoLibrary.Initialise();
            client = MosquittoLibrary.New(connection.ClientId, cleanStart: false, GCHandle<MosquittoMessageBus>.ToIntPtr(_self));
            if (client == 0)
            {
                throw new MessageBusException($"{BusFailure.Broker(connection)}: the client id '{connection.ClientId}' is refused. Use printable characters.");
            }

            MosquittoCallbacks.Attach(client);
            MosquittoSetup.Apply(client, connection);
        }
        catch (Exception exception)
        {
            if (client != 0)
            {
                MosquittoLibrary.Destroy(client);
            }

            _self.Dispose();
            if (exception is DllNotFoundException)
            {
                throw MosquittoFailure.LibraryMissing(exception);
            }

            throw;
        }

        var thread = new Thread(() => Run(client, connection)) { IsBackground = true, Name = connection.ClientId };
        lock (_gate)
        {
            _client = client;
            _thread = thread;
        }

        thread.Start();
    }

    private void Run(nint client, BusConnection connection)
    {
        var result = Exchange(client, connection);
        var reason = _endReason ??= _stop ? BusFailure.Closed : MosquittoFailure.Describe(result);
        PendingAnswer[] unanswered;
        lock (_gate)
        {
            _client = 0;
            _usable = false;
            unanswered = [.. _pending.Values];
            _pending.Clear();
        }

        // The socket is closed before anyone hears of it: a new bus with the same client id must not meet the old one.
        DropUnsent(client);
        MosquittoLibrary.Destroy(client);
        _self.Dispose();
        foreach (var pending in unanswered)
        {
            pending.Fail(connection, reason);
        }

        _connected.TrySetException(BusFailure.NotMade(connection, _lastError is { } error ? $"{reason}; {error}" : reason));
        _ = _connected.Task.Exception;
        _disconnected.TrySetResult(reason);
        _cleanedUp.TrySetResult();
    }

    private int Exchange(nint client, BusConnection connection)
    {
        using var properties = MosquittoProperties.ForConnect(connection);
        var keepAlive = connection.KeepAliveSeconds;
        var result = MosquittoLibrary.Connect(client, connection.Host, connection.Port, keepAlive, bindAddress: null, properties.List);
        var leaving = false;
        while (result == MosquittoLibrary.Success && !_stop)
        {
            if (_leave && !leaving)
            {
                // Written at once and by this thread: a message read in between would count as an error (see DisconnectAsync).
                leaving = true;
                MosquittoLibrary.Disconnect(client, reason: 0, properties: 0);
                result = MosquittoLibrary.LoopWrite(client, maxPackets: 1);
            }
            else
            {
                result = MosquittoLibrary.Loop(client, LoopTimeoutMilliseconds, maxPackets: 1);
            }
        }

        return result;
    }

    /// <summary>Without lingering, closing discards what the kernel has not sent: a stalled verdict must not arrive when the network comes back.</summary>
    private static unsafe void DropUnsent(nint client)
    {
        var socket = MosquittoLibrary.Socket(client);
        if (socket >= 0)
        {
            var linger = stackalloc int[] { 1, 0 };
            _ = SetSocketOption(socket, SocketLevel, SocketLinger, linger, 2 * sizeof(int));
        }
    }

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static unsafe partial int SetSocketOption(int socket, int level, int name, int* value, uint length);

    private async Task CloseAsync(string reason)
    {
        Thread? thread;
        lock (_gate)
        {
            _stop = true;
            _usable = false;
            thread = _thread;
        }

        if (thread is null)
        {
            _disconnected.TrySetResult(reason);
        }
        else if (thread != Thread.CurrentThread)
        {
            // The bound is for a library that still sits in its own blocking connect; its thread ends and frees everything by itself.
            await _cleanedUp.Task.WaitAsync(LongestCleanUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
