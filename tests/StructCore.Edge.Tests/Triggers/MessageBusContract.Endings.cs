using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>Leaving, losing the connection and disposing.</summary>
public abstract partial class MessageBusContract
{
    private static BusMessage Offline => new("line/state", "offline"u8.ToArray()) { ContentType = "application/json", Retain = true };

    [Fact]
    public async Task Will_ConnectionLost_IsPublished()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var proxy = TcpProxy.Start(broker.Port);
        await using var plc = await ConnectedAsync(broker, "plc");
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await using var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { Port = proxy.Port, Will = Offline });
        proxy.Cut();
        var will = await inbox.NextAsync();
        Assert.Equal("offline", Text(will));
        Assert.Equal("application/json", will.ContentType);
        Assert.NotEmpty(await bus.Disconnected.WaitAsync(Patience));
    }

    [Fact]
    public async Task Will_DisposedWithoutLeaving_IsPublished()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { Will = Offline });
        await bus.DisposeAsync();
        Assert.Equal("offline", Text(await inbox.NextAsync()));
    }

    [Fact]
    public async Task Will_LeftPolitely_IsNotPublished()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await using var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { Will = Offline });
        await bus.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);

        // Answers and messages are under way while it leaves.
        var last = Enumerable.Range(0, 50).Select(i => PublishAsync(bus, "line/state", $"{i}")).ToArray();
        await bus.DisconnectAsync(default).WaitAsync(Patience);
        await Task.WhenAll(last);
        Assert.Equal("left", await bus.Disconnected.WaitAsync(Patience));
        await broker.WaitForLogAsync(line => line.Contains("Client station-1 ", StringComparison.Ordinal) && line.Contains("disconnect", StringComparison.OrdinalIgnoreCase));
        await PublishAsync(plc, "line/state", "marker");
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}", Text(await inbox.NextAsync()));
        }

        Assert.Equal("marker", Text(await inbox.NextAsync()));
    }

    [Fact]
    public async Task Disconnected_BrokerStops_SaysWhy()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        Assert.False(bus.Disconnected.IsCompleted);
        await broker.KillAsync();
        Assert.NotEmpty(await bus.Disconnected.WaitAsync(Patience));
        await Assert.ThrowsAsync<MessageBusException>(() => PublishAsync(bus, "line/verdict", "1"));
    }

    [Fact]
    public async Task Disconnected_ClientIdTakenOver_Ends()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var first = await ConnectedAsync(broker);
        await using var second = await ConnectedAsync(broker);
        Assert.NotEmpty(await first.Disconnected.WaitAsync(Patience));
        await PublishAsync(second, "line/verdict", "1");
    }

    [Fact]
    public async Task Cut_PublishesPending_AllFailAndNoneArrivesLater()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var proxy = TcpProxy.Start(broker.Port);
        await using var plc = await ConnectedAsync(broker, "plc");
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);

        await using (var bus = CreateBus())
        {
            await ConnectAsync(bus, To(broker) with { Port = proxy.Port });
            proxy.Stall();
            var pending = Enumerable.Range(0, 100).Select(i => PublishAsync(bus, "line/verdict", $"late {i}")).ToArray();
            var subscribing = bus.SubscribeAsync("line/x", QualityOfService.AtLeastOnce, default);
            await proxy.Holding.WaitAsync(Patience);
            proxy.Cut();
            foreach (var publish in pending)
            {
                await Assert.ThrowsAsync<MessageBusException>(() => publish.WaitAsync(Patience));
            }

            await Assert.ThrowsAsync<MessageBusException>(() => subscribing.WaitAsync(Patience));
            await bus.Disconnected.WaitAsync(Patience);

            proxy.Open();
            await using var again = CreateBus();
            await ConnectAsync(again, To(broker) with { Port = proxy.Port });
            await PublishAsync(again, "line/verdict", "fresh");
            Assert.Equal("fresh", Text(await inbox.NextAsync()));
        }

        await PublishAsync(plc, "line/verdict", "end");
        Assert.Equal("end", Text(await inbox.NextAsync()));
    }

    [Fact]
    public async Task Dispose_WhilePublishing_EndsEveryTask()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var bus = await ConnectedAsync(broker);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Received = m =>
        {
            if (Text(m) == "20")
            {
                enough.TrySetResult();
            }
        };
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var publishers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                await PublishAsync(bus, "line/verdict", $"{i}");
            }
        })).ToArray();
        await enough.Task.WaitAsync(Patience);
        await bus.DisposeAsync().AsTask().WaitAsync(Patience);
        foreach (var publisher in publishers)
        {
            await Assert.ThrowsAsync<MessageBusException>(() => publisher.WaitAsync(Patience));
        }

        Assert.True(bus.Disconnected.IsCompletedSuccessfully);
        await bus.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_FromHandlerAndFromContinuation_DoesNotHang()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var bus = await ConnectedAsync(broker);
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Received = _ =>
        {
            bus.DisposeAsync().AsTask().Wait();
            disposed.SetResult();
        };
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await Task.WhenAny(PublishAsync(bus, "line/trigger", "1")).WaitAsync(Patience);
        await disposed.Task.WaitAsync(Patience);

        var other = await ConnectedAsync(broker, "other");
        await other.PublishAsync(new BusMessage("line/verdict", default), default).ContinueWith(_ => other.DisposeAsync().AsTask().Wait(), TaskContinuationOptions.ExecuteSynchronously).WaitAsync(Patience);
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
        var buffer = new byte[4096];
        TcpClient? broker = null;
        while (broker is null)
        {
            // A connection that says nothing only tried whether somebody is here.
            var client = await listener.AcceptTcpClientAsync().WaitAsync(Patience);
            if (await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience) > 0)
            {
                broker = client;
            }
            else
            {
                client.Dispose();
            }
        }

        using var speaking = broker;
        var stream = broker.GetStream();
        byte[] accepted = [0x20, 3, 0, 0, 0];
        await stream.WriteAsync(accepted);
        await connecting;

        await bus.DisposeAsync();
        var end = await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(buffer).AsTask().WaitAsync(Patience));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(end.InnerException).SocketErrorCode);
    }
}
