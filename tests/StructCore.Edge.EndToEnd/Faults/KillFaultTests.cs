using StructCore.Edge;

namespace StructCore.Tests.Faults;

/// <summary>The agent is killed or stopped in the middle of its work, and another starts on the same store.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class KillFaultTests(FittedParts parts, FaultSheet sheet)
{
    private const int Killed = 128 + 9;

    public static TheoryData<string> Stages => new(Enum.GetNames<KillStage>());

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Kill_AtAStage_LeavesNoTriggerWithoutItsRecord(string stage)
    {
        await using var line = await FaultCase.PrepareAsync(parts, sheet, $"kill -9 at {stage}");
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            // Once goes well; the next time it dies.
            line.Start = l => l.StartAgent((KillPoint.Variable, $"{stage}:2"));
            line.Launch();

            // What its predecessor left behind may kill it already.
            if (await line.ReadyOrEndedAsync())
            {
                await line.SendAsync(count: 1);
                await line.SettleAsync();
                await line.SendAsync(count: 3);
            }

            Assert.Equal(Killed, await line.Agent.WaitAsync());
            await line.Plc.StateAsync("offline");
            await line.SendAsync(count: 1);
        }

        line.Start = l => l.StartAgent();
        await line.StartAgentAsync();
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Stop_DuringAnInspection_AnswersEverythingItAccepted()
    {
        await using var line = await FaultCase.PrepareAsync(parts, sheet, "stop during an inspection");
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.StartAgentAsync();
            var running = line.Plc.All("acquired").Count + 1;
            await line.SendAsync(count: 6);
            Assert.True(await line.Plc.UntilAsync(() => line.Plc.All("acquired").Count >= running, TimeSpan.FromSeconds(20)));
            Assert.Equal(0, await line.Agent.StopAsync());
            Assert.Empty(line.Agent.Error);
        }

        await line.StartAgentAsync();
        await line.ProbeAsync();
        await line.CloseAsync();
    }
}
