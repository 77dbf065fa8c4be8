using System.Collections.Concurrent;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>Several members of one shared subscription, and what a bus refuses to receive.</summary>
public abstract partial class MessageBusContract
{
    private const string Share = "$share/cell/line/trigger";

    [Fact]
    public async Task Share_TwoMembers_EachMessageComesToOneAndBothGetSome()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        var (one, two) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var first = await MemberAsync(broker, "one", one);
        await using var second = await MemberAsync(broker, "two", two);
        await PublishAsync(plc, 40);
        await FlushAsync(first, second);

        Assert.Equal(Enumerable.Range(0, 40), one.Concat(two).Select(int.Parse).Order());
        Assert.NotEmpty(one);
        Assert.NotEmpty(two);
    }

    [Fact]
    public async Task Share_MemberThatDied_HoldsNothingBack()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        var (one, two) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var first = await MemberAsync(broker, "one", one);
        var second = await MemberAsync(broker, "two", two);
        await second.DisposeAsync();
        await broker.WaitForLogAsync(line => line.Contains("Client two ", StringComparison.Ordinal) && !line.Contains("connected from", StringComparison.Ordinal));
        await PublishAsync(plc, 20);
        await FlushAsync(first);

        Assert.Equal(Enumerable.Range(0, 20), one.Select(int.Parse));
        Assert.Empty(two);
    }

    [Fact]
    public async Task Share_MemberThatLeft_GetsNothingMore()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        var (one, two) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var first = await MemberAsync(broker, "one", one);
        await using var second = await MemberAsync(broker, "two", two);
        await second.UnsubscribeAsync(Share, default).WaitAsync(Patience);
        await PublishAsync(plc, 20);
        await FlushAsync(first, second);

        Assert.Equal(20, one.Count);
        Assert.Empty(two);
    }

    [Fact]
    public async Task MaximumPacket_LargerMessage_NeverArrivesAndTheNextOneDoes()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await ConnectedAsync(broker, "plc");
        await using var bus = CreateBus();
        var inbox = new Inbox(bus);
        await ConnectAsync(bus, To(broker) with { MaximumPacketBytes = 4096 });
        await bus.SubscribeAsync("line/trigger", QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        await PublishAsync(plc, "line/trigger", new string('x', 5000));
        await PublishAsync(plc, "line/trigger", "small");

        Assert.Equal("small", Text(await inbox.NextAsync()));
    }

    private static async Task PublishAsync(IMessageBus bus, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await PublishAsync(bus, "line/trigger", $"{i}");
        }
    }

    // What the broker had sent a client before it answers one more message of that client has come.
    private static Task FlushAsync(params IEnumerable<IMessageBus> members) => Task.WhenAll(members.Select(m => PublishAsync(m, "line/flush", "")));

    private async Task<IMessageBus> MemberAsync(MosquittoBroker broker, string name, ConcurrentQueue<string> received)
    {
        var bus = CreateBus();
        bus.Received = m => received.Enqueue(Text(m));
        await ConnectAsync(bus, To(broker) with { ClientId = name, SessionExpiry = TimeSpan.Zero });
        await bus.SubscribeAsync(Share, QualityOfService.AtLeastOnce, default).WaitAsync(Patience);
        return bus;
    }
}
