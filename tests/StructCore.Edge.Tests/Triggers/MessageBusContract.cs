using System.Text;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>What every message bus must do against a real broker.</summary>
public abstract class MessageBusContract
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected abstract IMessageBus CreateBus();

    [Fact]
    public async Task Connect_SameClientIdAgain_FindsTheSession()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using (var first = CreateBus())
        {
            Assert.False(await ConnectAsync(first, To(broker)));
            await first.DisconnectAsync(default).WaitAsync(Patience);
        }

        await using var second = CreateBus();
        Assert.True(await ConnectAsync(second, To(broker)));
    }

    [Fact]
    public async Task Connect_AfterAbsence_DeliversWhatWasPublishedMeanwhile()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using (var first = CreateBus())
        {
            await ConnectAsync(first, To(broker));
            await first.SubscribeAsync("line/+", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
            await first.DisconnectAsync(default).WaitAsync(Patience);
        }

        await using var plc = await ConnectedAsync(broker, "plc");
        await PublishAsync(plc, "line/trigger", "1");
        await PublishAsync(plc, "line/trigger", "2");

        await using var second = CreateBus();
        var inbox = new Inbox(second);
        await ConnectAsync(second, To(broker));
        Assert.Equal("1", Text(await inbox.NextAsync()));
        Assert.Equal("2", Text(await inbox.NextAsync()));
    }

    [Fact]
    public async Task Connect_BrokerRestartedWithPersistence_FindsTheSession()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Persistence = true });
        await using (var first = await ConnectedAsync(broker))
        {
            await broker.StopAsync();
            await first.Disconnected.WaitAsync(Patience);
        }

        await broker.StartAgainAsync();
        await using var second = CreateBus();
        Assert.True(await ConnectAsync(second, To(broker)));
    }

    [Fact]
    public async Task Connect_Twice_IsABug()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ConnectAsync(bus, To(broker)));
    }

    [Fact]
    public async Task Connect_WrongPassword_SaysWhoWasRefusedAndWhatToCheck()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Users = new Dictionary<string, string> { ["station"] = "right" } });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { UserName = "station", Password = "wrong" }));
        Assert.StartsWith($"MQTT broker 127.0.0.1:{broker.Port} refuses client 'station-1' as user 'station': Not authorized (135). Check user name, password", failure.Message, StringComparison.Ordinal);
        Assert.True(bus.Disconnected.IsCompleted);

        await using var other = CreateBus();
        Assert.False(await ConnectAsync(other, To(broker) with { UserName = "station", Password = "right" }));
    }

    [Fact]
    public async Task Connect_NoBroker_SaysRefused()
    {
        await using var bus = CreateBus();
        var port = LoopbackPort.Free();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, new BusConnection { Host = "127.0.0.1", Port = port, ClientId = "station-1" }));
        Assert.StartsWith($"MQTT broker 127.0.0.1:{port}: connection refused. Check that the broker runs", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_UnknownHost_NamesTheHost()
    {
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, new BusConnection { Host = "no-such-host.invalid", Port = 1883, ClientId = "station-1" }));
        Assert.Contains("the host name 'no-such-host.invalid' is not known", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Cancelled_EndsAtOnceAndTheBusIsDead()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Suspend();
        await using var bus = CreateBus();
        using var cancelling = new CancellationTokenSource();
        var connecting = ConnectAsync(bus, To(broker), cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await bus.Disconnected.WaitAsync(Patience);
        broker.Resume();
        await Assert.ThrowsAsync<MessageBusException>(() => PublishAsync(bus, "line/verdict", "1"));
    }

    [Fact]
    public async Task Tls_RightAuthorityAndClientCertificate_Connects()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, RequireClientCertificate = true });
        var files = broker.Certificates!;
        await using var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { Tls = new BusTls(files.CaFile, files.ClientFile, files.ClientKeyFile) });
        await PublishAsync(bus, "line/verdict", "1");
    }

    [Fact]
    public async Task Tls_ForeignAuthority_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(broker.Certificates!.StrangerCaFile, null, null) }));
        Assert.Contains("certificate verify failed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("CaFile", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_NoClientCertificateWhereOneIsRequired_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, RequireClientCertificate = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(broker.Certificates!.CaFile, null, null) }));
        Assert.Contains("client certificate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_MissingFile_NamesSettingAndPath()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls("/nowhere/ca.pem", null, null) }));
        Assert.Contains("CaFile '/nowhere/ca.pem' does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_PlainConnectionToTlsPort_IsAnError()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker)));
        Assert.Contains("TLS has another", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_AtLeastOnce_EndsAtTheAcknowledgement()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var proxy = TcpProxy.Start(broker.Port);
        await using var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { Port = proxy.Port });
        proxy.Stall();
        var publishing = PublishAsync(bus, "line/verdict", "1");
        await proxy.Holding.WaitAsync(Patience);
        Assert.False(publishing.IsCompleted);
        proxy.Flow();
        await publishing;
    }

    [Fact]
    public async Task Publish_AtMostOnce_Arrives()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var inbox = new Inbox(bus);
        await bus.SubscribeAsync("line/#", QualityOfService.AtMostOnce, default).WaitAsync(Patience);
        await bus.PublishAsync(new BusMessage("line/heartbeat", "7"u8.ToArray()) { QualityOfService = QualityOfService.AtMostOnce }, default).WaitAsync(Patience);
        var message = await inbox.NextAsync();
        Assert.Equal("7", Text(message));
        Assert.Equal(QualityOfService.AtMostOnce, message.QualityOfService);
    }

    [Fact]
    public async Task Publish_AllProperties_ComeBack()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var inbox = new Inbox(bus);
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var sent = new BusMessage("line/prüfung", new byte[] { 0, 255, 10 })
        {
            ResponseTopic = "line/answer",
            CorrelationData = new byte[] { 1, 0, 2 },
            Expiry = TimeSpan.FromSeconds(59.2),
            ContentType = "application/json",
        };
        await bus.PublishAsync(sent, default).WaitAsync(Patience);
        var got = await inbox.NextAsync();
        Assert.Equal(sent.Topic, got.Topic);
        Assert.Equal(sent.Payload.ToArray(), got.Payload.ToArray());
        Assert.Equal(QualityOfService.AtLeastOnce, got.QualityOfService);
        Assert.Equal("line/answer", got.ResponseTopic);
        Assert.Equal([1, 0, 2], got.CorrelationData.ToArray());
        Assert.InRange(got.Expiry!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        Assert.Equal("application/json", got.ContentType);
        Assert.False(got.Retain);
    }

    [Fact]
    public async Task Publish_NoProperties_NoneComeBack()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var inbox = new Inbox(bus);
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await PublishAsync(bus, "line/empty", "");
        var got = await inbox.NextAsync();
        Assert.Null(got.ResponseTopic);
        Assert.Null(got.ContentType);
        Assert.Null(got.Expiry);
        Assert.Equal(0, got.CorrelationData.Length + got.Payload.Length);
    }

    [Fact]
    public async Task Publish_Retained_IsFlaggedForThoseWhoCameLater()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var early = await ConnectedAsync(broker, "early");
        var live = new Inbox(early);
        await early.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await early.PublishAsync(new BusMessage("line/state", "ready"u8.ToArray()) { Retain = true }, default).WaitAsync(Patience);
        Assert.False((await live.NextAsync()).Retain);

        await using var late = await ConnectedAsync(broker, "late");
        var kept = new Inbox(late);
        await late.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        Assert.True((await kept.NextAsync()).Retain);
    }

    [Fact]
    public async Task Publish_NotConnected_FailsAtOnce()
    {
        await using var bus = CreateBus();
        await Assert.ThrowsAsync<MessageBusException>(() => PublishAsync(bus, "line/verdict", "1"));
        await Assert.ThrowsAsync<MessageBusException>(() => bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default));
    }

    [Fact]
    public async Task Publish_NotAllowed_IsAnError()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { AccessControl = "topic readwrite line/#" });
        await using var bus = await ConnectedAsync(broker);
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => PublishAsync(bus, "other/verdict", "1"));
        Assert.Contains("publishing on 'other/verdict' failed for anonymous user: Not authorized (135); check the broker's ACL file", failure.Message, StringComparison.Ordinal);
        await PublishAsync(bus, "line/verdict", "1");
    }

    [Theory]
    [InlineData("line/+")]
    [InlineData("line/\0")]
    public async Task Publish_BadTopic_IsAnErrorAndTheBusGoesOn(string topic)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        await Assert.ThrowsAnyAsync<Exception>(() => PublishAsync(bus, topic, "1"));
        await PublishAsync(bus, "line/verdict", "1");
    }

    [Fact]
    public async Task Publish_AThousand_KeepTheirOrder()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        await using var plc = await ConnectedAsync(broker, "plc");
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var publishing = Task.WhenAll(Enumerable.Range(0, 1000).Select(i => PublishAsync(bus, "line/verdict", $"{i}")).ToArray());
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal($"{i}", Text(await inbox.NextAsync()));
        }

        await publishing;
    }

    [Fact]
    public async Task Publish_AMegabyte_ArrivesUnchanged()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var inbox = new Inbox(bus);
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var payload = new byte[1 << 20];
        new Random(1).NextBytes(payload);
        await bus.PublishAsync(new BusMessage("line/overlay", payload), default).WaitAsync(Patience);
        var got = await inbox.NextAsync();
        Assert.True(got.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Subscribe_BadFilter_IsAnError()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => bus.SubscribeAsync("line/#/x", QualityOfService.AtLeastOnce, default));
        Assert.Contains("subscribing to 'line/#/x' failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Received_HandlerThrows_NextMessageStillComes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Received = m =>
        {
            if (Text(m) == "bad")
            {
                throw new FormatException("a handler's bug");
            }

            second.SetResult();
        };
        await bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await PublishAsync(bus, "line/trigger", "bad");
        await PublishAsync(bus, "line/trigger", "good");
        await second.Task.WaitAsync(Patience);
    }

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

    private protected static BusMessage Offline => new("line/state", "offline"u8.ToArray()) { ContentType = "application/json", Retain = true };

    private protected static string Text(BusMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    private protected static BusConnection To(MosquittoBroker broker) => new() { Host = broker.Host, Port = broker.Port, ClientId = "station-1" };

    private protected static Task<bool> ConnectAsync(IMessageBus bus, BusConnection connection, CancellationToken cancellationToken = default) => bus.ConnectAsync(connection, cancellationToken).WaitAsync(Patience);

    private protected static Task PublishAsync(IMessageBus bus, string topic, string text) => bus.PublishAsync(new BusMessage(topic, Encoding.UTF8.GetBytes(text)), default).WaitAsync(Patience);

    private protected async Task<IMessageBus> ConnectedAsync(MosquittoBroker broker, string clientId = "station-1")
    {
        var bus = CreateBus();
        await ConnectAsync(bus, To(broker) with { ClientId = clientId });
        return bus;
    }
}
