namespace StructCore.Tests.Faults;

/// <summary>The broker goes away and comes back.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class BrokerFaultTests(FittedParts parts, FaultSheet sheet)
{
    [Fact]
    public async Task Broker_Restarted_EveryAcceptedTriggerHasItsRecord()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "broker restart");
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.SendAsync(count: 5);
            await line.Broker.StopAsync();
            await line.Broker.StartAgainAsync();
            await line.Plc.ReconnectAsync();
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Broker_GoneForLong_RecordsComeLateOnResultsWhenItIsBack()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "broker gone for 60 s");
        var sending = line.SendAsync(count: 6);
        await line.Agent.WaitForOutputAsync("trigger \"t1\": ");
        await line.Broker.StopAsync();
        await sending;

        // The outage itself, not a wait for anything.
        await Task.Delay(TimeSpan.FromSeconds(FaultCollection.IsFull ? 60 : 8));
        await line.Broker.StartAgainAsync();
        await line.Plc.ReconnectAsync();
        await line.ProbeAsync();
        await line.CloseAsync();
    }
}
