using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

public sealed class MosquittoMessageBusTests : MessageBusContract
{
    protected override IMessageBus CreateBus() => new MosquittoMessageBus();

    [Fact]
    public async Task Connect_BrokerAcceptsButNeverAnswers_TimesOut()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Suspend();
        await using var bus = new MosquittoMessageBus { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker)));
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_KeepAliveBelowTheLibrarysLeast_IsABug()
    {
        await using var bus = CreateBus();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = 1, ClientId = "x", KeepAlive = TimeSpan.FromSeconds(4) }, default));
    }

    [Fact]
    public async Task Disconnected_BrokerHangs_KeepAliveEndsTheConnection()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        broker.Suspend();
        var publishing = PublishAsync(bus, "line/verdict", "1");
        Assert.Equal("the broker did not answer within the keep-alive time", await bus.Disconnected.WaitAsync(Patience));
        await Assert.ThrowsAsync<MessageBusException>(() => publishing);
        broker.Resume();
    }

    [Fact]
    public async Task Received_HandlerHadNotReturnedWhenTheConnectionBroke_MessageComesAgain()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var proxy = TcpProxy.Start(broker.Port);
        await using var plc = await ConnectedAsync(broker, "plc");
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var storing = new ManualResetEventSlim();
        await using (var bus = CreateBus())
        {
            bus.Received = _ =>
            {
                arrived.SetResult();
                storing.Wait(Patience);
            };
            await ConnectAsync(bus, To(broker) with { Port = proxy.Port });
            await bus.SubscribeAsync("line/trigger", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
            await PublishAsync(plc, "line/trigger", "1");
            await arrived.Task.WaitAsync(Patience);
            proxy.Cut();
            storing.Set();
            await bus.Disconnected.WaitAsync(Patience);
        }

        await using var again = CreateBus();
        var inbox = new Inbox(again);
        Assert.True(await ConnectAsync(again, To(broker)));
        Assert.Equal("1", Text(await inbox.NextAsync()));
    }

    [Fact]
    public async Task Dispose_WithoutLeaving_ResetsTheConnectionSoThatUnsentBytesAreDropped()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var bus = CreateBus();
        var connecting = ConnectAsync(bus, new BusConnection { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, ClientId = "station-1" });
        (await listener.AcceptTcpClientAsync()).Dispose();
        using var broker = await listener.AcceptTcpClientAsync();
        var stream = broker.GetStream();
        var buffer = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience));
        byte[] accepted = [0x20, 3, 0, 0, 0];
        await stream.WriteAsync(accepted);
        await connecting;

        await bus.DisposeAsync();
        var end = await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(buffer).AsTask().WaitAsync(Patience));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(end.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Dispose_ManyInstances_LeavesNoThread()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await using var bus = await ConnectedAsync(broker, $"leak-{i}");
            Assert.NotEqual(0, Threads("leak-"));
        }

        // A thread says that it has cleaned up shortly before it ends.
        Assert.True(SpinWait.SpinUntil(() => Threads("leak-") == 0, Patience));
    }

    private static int Threads(string namePrefix) => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith(namePrefix, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
