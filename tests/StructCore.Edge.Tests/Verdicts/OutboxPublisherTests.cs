using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Verdicts;

public sealed class OutboxPublisherTests
{
    private const string Station = "s/l/one";

    [Fact]
    public async Task Result_WithTheBrokerWhenTheAgentLeaves_IsWaitedForSoThatItGoesOutOnce()
    {
        var (store, time, broker) = (new FakeStore(), new FakeTimeProvider(), new FakeBroker());
        var trigger = new AcceptedTrigger(Station, "7", "\"a\"", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(2));
        store.TryAccept(trigger);
        var record = store.Complete(new InspectionRecord(trigger, Verdict.Error("camera_timeout"), null, null, null, 1, DateTimeOffset.UnixEpoch));
        var link = new StationLink(Station, time, NullLogger<StationLink>.Instance);
        var bus = broker.CreateBus();
        await bus.ConnectAsync(null!, CancellationToken.None);
        link.Attach(bus);
        var outbox = new OutboxPublisher(Station, 1, TimeSpan.Zero, store, new StoreHealth(store, time), link, new Messages(new StationTopics("s", "l", "one")), time, NullLogger<OutboxPublisher>.Instance);
        outbox.Settle(record);
        broker.Stalled = true;
        using var stop = new CancellationTokenSource();
        var running = outbox.RunAsync(stop.Token);
        await broker.WaitAsync("results");

        await stop.CancelAsync();
        broker.Acknowledge();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
        await outbox.FlushAsync(CancellationToken.None);

        Assert.Single(broker.Published("results"));
        Assert.Equal(0, store.OutboxSize());
    }
}
