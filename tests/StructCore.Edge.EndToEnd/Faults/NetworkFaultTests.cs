namespace StructCore.Tests.Faults;

/// <summary>The line between agent and broker breaks, stands still or is slow; the PLC's own is sound.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class NetworkFaultTests(FittedParts parts, FaultSheet sheet)
{
    private static readonly TimeSpan LastBytes = TimeSpan.FromMilliseconds(100);

    // From within the first acknowledgement to behind the first result.
    private static readonly int[] Bytes = [30, 250, 600, 1100, 1900];

    [Fact]
    public async Task Line_CutInTheMiddleOfAPublish_LosesNothing()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "network cut mid-publish");
        line.Tried = FaultCollection.Times(full: 20);
        for (var i = 0; i < line.Tried; i++)
        {
            var cut = line.Cable.CutAfter(Bytes[i % Bytes.Length] + i);
            await line.SendAsync(count: 3);
            await cut.WaitAsync(TimeSpan.FromSeconds(20));
            line.Cable.Open();
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Line_Reset_LosesNothing()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "connection reset");
        line.Tried = FaultCollection.Times(full: 10);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.SendAsync(count: 3);
            line.Cable.Reset();
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(15)]
    public async Task Line_HalfOpen_NoVerdictComesLateWhenItFlowsAgain(int seconds)
    {
        // Shorter than the keep-alive notices, and longer.
        await using var line = await FaultCase.StartAsync(parts, sheet, $"half-open connection, {seconds} s");
        line.Tried = FaultCollection.Times(full: 3);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.ReadyAsync();
            line.Cable.Stall(answersFlow: true);
            await line.SendAsync(count: 3, deadlineMs: 1000);
            await line.Agent.WaitForOutputAsync($"trigger \"{line.Sent[^1].Id}\": ");
            line.Cable.Stall();
            var from = line.Sent.Count;
            await line.SendAsync(count: 2, deadlineMs: 1000);

            // The fault itself, not a wait for anything.
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            line.Flow(line.Sent.Skip(from));
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Broker_Slow_NoVerdictComesLate()
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, "slow broker");
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            line.Cable.Latency = TimeSpan.FromMilliseconds(200);
            line.Cable.BytesPerSecond = 3000;
            var from = line.Sent.Count;
            await line.SendAsync(count: 8, deadlineMs: 2500);
            await line.SettleAsync();
            foreach (var trigger in line.Sent.Skip(from))
            {
                // The agent's time begins when the slow line has brought it; what that takes for the verdict's last bytes is the line's doing, too.
                var received = (await line.Plc.ResultAsync(trigger.Id)).GetProperty("received_at").GetDateTimeOffset();
                trigger.ReleasedAt = Plc.Now - (DateTimeOffset.UtcNow - received) + LastBytes;
            }

            (line.Cable.Latency, line.Cable.BytesPerSecond) = (TimeSpan.Zero, 0);
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }
}
