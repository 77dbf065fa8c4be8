using System.Text;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>What every message bus must do against a real broker.</summary>
public abstract partial class MessageBusContract
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
    public async Task Connect_KeepAliveBelowTheLeast_IsABug()
    {
        await using var bus = CreateBus();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = 1, ClientId = "x", KeepAlive = TimeSpan.FromSeconds(4) }, default));
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
    public async Task Tls_HostNameNotOnTheCertificate_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, OtherName = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(broker.Certificates!.CaFile, null, null) }));
        Assert.Contains("certificate verify failed", failure.Message, StringComparison.Ordinal);
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
