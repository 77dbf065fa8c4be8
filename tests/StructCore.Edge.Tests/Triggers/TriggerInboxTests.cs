using StructCore.Tests.Fakes;

namespace StructCore.Tests.Triggers;

public sealed class TriggerInboxTests
{
    [Fact]
    public async Task Receive_MoreThanTheInboxHolds_IsAnsweredBusyFromTheBusThread()
    {
        using var go = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        await using var station = await new StationHarness().StartAsync();
        station.Store.DuringFind = () =>
        {
            begun.Release();
            go.Wait();
        };
        station.Trigger("stuck");
        await begun.WaitAsync();
        for (var i = 0; i < 256; i++)
        {
            station.Trigger($"t{i}", """, "camera": "up" """);
        }

        Assert.Empty(station.Broker.Published("ack"));
        station.Trigger("last");

        Assert.Equal("inbox_full: 256 triggers wait to be read", (await station.AckAsync("last", "busy")).GetProperty("reason").GetString());
        station.Store.DuringFind = null;
        go.Release();
        await station.AckAsync("t255", "invalid");
        await station.AckAsync("stuck", "accepted");
    }
}
