namespace StructCore.Tests.Faults;

/// <summary>The agent's wall clock jumps by an hour; its monotonic clock and the PLC's timer do not.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class ClockFaultTests(FittedParts parts, FaultSheet sheet)
{
    private const string Folders = "/usr/lib";

    [Theory]
    [InlineData("forward", "+3600")]
    [InlineData("back", "-3600")]
    public async Task Clock_JumpsByAnHour_MovesNoDeadline(string direction, string offset)
    {
        var fault = $"clock jump of an hour {direction}";
        var library = Directory.EnumerateDirectories(Folders, "*-linux-gnu*").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        if (library is null)
        {
            sheet.Skip(fault, "needs libfaketimeMT.so.1 (Debian package faketime; scripts/setup installs it)");
        }

        await using var line = await FaultCase.PrepareAsync(parts, sheet, fault);
        var clock = Path.Combine(line.Line.Folder, "clock");
        await SetAsync("+0");
        line.Start = l => l.StartAgent(
            ("LD_PRELOAD", library!), ("FAKETIME_TIMESTAMP_FILE", clock), ("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        await line.StartAgentAsync();
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            // While it works, while it is repeated, while the broker keeps triggers for it, and while it is away.
            await line.SendAsync(count: 4);
            await SetAsync(offset);
            await line.SettleAsync();
            var old = line.Sent[^1];
            await line.Plc.UntilAsync(() => Plc.Now > old.DueAt + TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
            await line.SendAsync(old.Id);
            await SetAsync("+0");
            line.Cable.Cut();
            await line.SendAsync(count: 2, deadlineMs: 500);
            await SetAsync(offset);

            // The outage itself, longer than their deadline.
            await Task.Delay(TimeSpan.FromSeconds(1));
            line.Cable.Open();
            await line.ProbeAsync();
            await line.SendAsync(count: 4, deadlineMs: 1000);
            await line.Agent.KillAsync();
            await SetAsync(i % 2 == 0 ? "+0" : "-7200");
            await line.StartAgentAsync();
            await line.ProbeAsync();
        }

        // SIGTERM does not reach a process under libfaketime: the last one ends without it.
        await line.Agent.KillAsync();
        line.Start = l => l.StartAgent();
        await line.StartAgentAsync();
        await line.CloseAsync();

        async Task SetAsync(string to)
        {
            await File.WriteAllTextAsync(clock + ".new", to + "\n");
            File.Move(clock + ".new", clock, overwrite: true);
        }
    }
}
