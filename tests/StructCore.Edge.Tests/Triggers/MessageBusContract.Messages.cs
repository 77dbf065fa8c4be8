using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>Publishing, subscribing and receiving.</summary>
public abstract partial class MessageBusContract
{
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
    public async Task Publish_FromWithinReceived_ArrivesInOrder()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        await using var bus = await ConnectedAsync(broker);
        var inbox = new Inbox(plc);
        await plc.SubscribeAsync("line/ack", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        var answers = new System.Collections.Concurrent.ConcurrentQueue<Task>();
        bus.Received = message => answers.Enqueue(PublishAsync(bus, "line/ack", Text(message)));
        await bus.SubscribeAsync("line/trigger", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);

        for (var i = 0; i < 50; i++)
        {
            await PublishAsync(plc, "line/trigger", $"{i}").WaitAsync(Patience);
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"{i}", Text(await inbox.NextAsync()));
        }

        await Task.WhenAll(answers).WaitAsync(Patience);
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
        Assert.InRange(got.Expiry!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(59));
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
    public async Task Publish_Retained_IsFlaggedForThoseWhoListenAndThoseWhoCameLater()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var early = await ConnectedAsync(broker, "early");
        var live = new Inbox(early);
        await early.SubscribeAsync("line/state", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await early.PublishAsync(new BusMessage("line/state", "ready"u8.ToArray()) { Retain = true }, default).WaitAsync(Patience);
        Assert.True((await live.NextAsync()).Retain);

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
}
