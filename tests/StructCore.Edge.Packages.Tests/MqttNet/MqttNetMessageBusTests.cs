using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Packages.MqttNet;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

public sealed class MqttNetMessageBusTests : MessageBusContract
{
    private const byte Publish = 0x32;

    [Fact]
    public async Task Connect_BrokerAcceptsButNeverAnswers_TimesOut()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Suspend();
        await using var bus = new MqttNetMessageBus { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker)));
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    // mosquitto takes more than it says it does, so that a server of our own must count.
    [Fact]
    public async Task Publish_BrokerTakesTwoUnansweredMessages_ThirdWaitsForAnAnswer()
    {
        await using var bus = CreateBus();
        using var client = await AcceptAsync(bus);
        var stream = client.GetStream();
        var publishing = Enumerable.Range(0, 3).Select(i => PublishAsync(bus, "line/verdict", $"{i}")).ToArray();
        var second = (await ReadPacketAsync(stream), await ReadPacketAsync(stream)).Item2;
        Assert.Equal((Publish, (byte)'1'), (second[0], second[^1]));

        // The bus answers what comes meanwhile, and that comes before the third.
        await stream.WriteAsync((byte[])[Publish, 9, 0, 1, (byte)'t', 0, 7, 0, (byte)'a', (byte)'b', (byte)'c']);
        Assert.Equal([0x40, 2, 0, 7], await ReadPacketAsync(stream));
        await stream.WriteAsync((byte[])[0x40, 2, 0, 1]);
        var third = await ReadPacketAsync(stream);
        Assert.Equal((Publish, (byte)'2'), (third[0], third[^1]));
        await publishing[0].WaitAsync(Patience);
        Assert.False(publishing[1].IsCompleted);
        await bus.DisposeAsync();
        await Assert.ThrowsAsync<MessageBusException>(() => publishing[2]);
    }

    [Theory]
    [InlineData(new byte[] { 0x90, 1, 0 })]
    [InlineData(new byte[] { 0x90, 3, 0, 1, 0 })]
    [InlineData(new byte[] { 0x30, 2, 255, 255 })]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public async Task Disconnected_BrokerSendsNonsense_EndsTheConnection(byte[] nonsense)
    {
        await using var bus = CreateBus();
        using var client = await AcceptAsync(bus);
        var subscribing = bus.SubscribeAsync("line/#", QualityOfService.AtLeastOnce, default);
        await ReadPacketAsync(client.GetStream());
        await client.GetStream().WriteAsync(nonsense);
        Assert.NotEmpty(await bus.Disconnected.WaitAsync(Patience));
        await Assert.ThrowsAsync<MessageBusException>(() => subscribing.WaitAsync(Patience));
    }

    [Fact]
    public async Task Publish_LargerThanTheBrokerTakes_IsAnErrorAndTheBusGoesOn()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { LongestPacket = 4096 });
        await using var bus = await ConnectedAsync(broker);
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => PublishAsync(bus, "line/overlay", new string('x', 5000)));
        Assert.Contains("its 5000 bytes do not fit into a packet of 4096 bytes, the most the broker takes", failure.Message, StringComparison.Ordinal);
        await PublishAsync(bus, "line/verdict", "1");
    }

    [Fact]
    public async Task Publish_TopicLongerThanMqttAllows_IsABugAndTheBusGoesOn()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var bus = await ConnectedAsync(broker);
        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(bus, new string('x', 70_000), "1"));
        await PublishAsync(bus, "line/verdict", "1");
    }

    [Fact]
    public async Task Tls_CaFileWithoutACertificate_NamesTheFile()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        await using var bus = CreateBus();
        var key = broker.Certificates!.ClientKeyFile;
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(key, null, null) }));
        Assert.Contains($"reading CaFile '{key}' failed", failure.Message, StringComparison.Ordinal);
    }

    protected override IMessageBus CreateBus() => new MqttNetMessageBus();

    /// <summary>A broker's side of a connection, which takes two unanswered messages.</summary>
    private static async Task<TcpClient> AcceptAsync(IMessageBus bus)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var connecting = ConnectAsync(bus, new BusConnection { Host = "127.0.0.1", Port = ((IPEndPoint)server.LocalEndpoint).Port, ClientId = "station-1" });
        var client = await server.AcceptTcpClientAsync().WaitAsync(Patience);
        await ReadPacketAsync(client.GetStream());
        await client.GetStream().WriteAsync((byte[])[0x20, 6, 0, 0, 3, 0x21, 0, 2]);
        await connecting;
        return client;
    }

    private static async Task<byte[]> ReadPacketAsync(NetworkStream stream)
    {
        var header = new byte[2];
        await stream.ReadExactlyAsync(header).AsTask().WaitAsync(Patience);
        var body = new byte[header[1]];
        await stream.ReadExactlyAsync(body).AsTask().WaitAsync(Patience);
        return [.. header, .. body];
    }
}
