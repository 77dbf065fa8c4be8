using StructCore.Edge.Native.Sqlite;

namespace StructCore.Tests.Faults;

/// <summary>The disk is full, or the database cannot be written or is damaged: no promise is made that is not on disk.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class StoreFaultTests(FittedParts parts, FaultSheet sheet)
{
    private const string NeedsMount = "needs a user who may mount in a namespace of its own (unshare -Urm)";
    private const int Failed = 1;

    // What a failed write leads to is known at once, what the disk says of itself within a few seconds.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("disk full", 64 << 20)]
    [InlineData("disk nearly full", 26 << 20)]
    public async Task Disk_Full_TakesNothingOnUntilThereIsRoom(string fault, int bytes)
    {
        await using var line = await FaultCase.PrepareAsync(parts, sheet, fault, c =>
        {
            c["Store"]!["Path"] = "disk/store.db";
            c["Store"]!["MinFreeMegabytes"] = 8;
        });
        await using var disk = await PrivateDisk.SmallAsync(Path.Combine(line.Line.Folder, "disk"), megabytes: 32);
        if (disk is null)
        {
            sheet.Skip(fault, NeedsMount);
        }

        line.Start = disk!.StartAgent;

        // SQLite would follow the way into the other namespace back to this one.
        line.FetchStore = () => Array.ForEach(Directory.GetFiles(disk.Folder, "store.db*"), f => File.Copy(f, Path.Combine(line.Line.Folder, Path.GetFileName(f))));
        line.Tried = FaultCollection.Times(full: 5);
        await line.StartAgentAsync();
        for (var i = 0; i < line.Tried; i++)
        {
            await line.SendAsync(count: 2);
            var filler = Path.Combine(disk.Folder, "filler");
            Fill(filler, bytes);
            await line.SendInTurnAsync(count: 4);
            await line.NotReadyAsync(within: Notice);
            await line.SendInTurnAsync(count: 2);
            Assert.All(line.Sent.TakeLast(2), t => Assert.Contains(line.Plc.All("ack"), a => Plc.IsOf(a, t.Id) && a.GetProperty("status").GetString() == "not_ready"));
            File.Delete(filler);
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Database_ReadOnlyAtTheStart_IsSaidAndTriggersWait()
    {
        const string Fault = "read-only database";
        await using var line = await FaultCase.PrepareAsync(parts, sheet, Fault, c => c["Store"]!["Path"] = "disk/store.db");
        line.StorePath = Path.Combine(line.Line.Folder, "disk", "store.db");
        await line.StartAgentAsync();
        await line.ProbeAsync();
        Assert.Equal(0, await line.Agent.StopAsync());
        await using (var disk = await PrivateDisk.ReadOnlyAsync(Path.Combine(line.Line.Folder, "disk")))
        {
            if (disk is null)
            {
                sheet.Skip(Fault, NeedsMount);
            }

            line.Start = disk!.StartAgent;
            line.Launch();
            await line.SendAsync(count: 3);
            Assert.Equal(Failed, await line.Agent.WaitAsync());
            Assert.Contains("Store:Path: The inspection store ", line.Agent.Error, StringComparison.Ordinal);
            Assert.Contains("user may write", line.Agent.Error, StringComparison.Ordinal);
        }

        line.Start = l => l.StartAgent();
        await line.StartAgentAsync();
        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Database_CannotBeWrittenWhileRunning_TakesNothingOnUntilItCan()
    {
        const string Fault = "database locked while running";
        if (!Structcore.IsNative)
        {
            sheet.Skip(Fault, "LiteDB lets no second process open the file");
        }

        await using var line = await FaultCase.StartAsync(parts, sheet, Fault);
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.SendAsync(count: 2);
            using (var other = new StoreFile(line.Line.StorePath).Open())
            using (other.BeginTransaction())
            {
                await line.SendInTurnAsync(count: 3);
                await line.NotReadyAsync(within: Notice);
            }

            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Database_DamagedPage_GivesNoAcceptThatIsNotStored(bool running)
    {
        await using var line = await FaultCase.StartAsync(parts, sheet, $"corrupt database page, {(running ? "while running" : "while stopped")}");
        line.StorePath = null;
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.ProbeAsync();
            if (running)
            {
                Damage(line.Line.StorePath);
                await line.SendInTurnAsync(count: 4);
                await line.Agent.StopAsync();
            }
            else
            {
                Assert.Equal(0, await line.Agent.StopAsync());
                Damage(line.Line.StorePath);
            }

            // It may see the damage at once or at the first read of that page; whatever it does, nobody gets a wrong answer.
            line.Launch();
            await line.SendAsync(count: 3);
            await Task.WhenAny(line.Agent.WaitAsync(), line.SettleAsync());
            if (!line.Agent.HasExited)
            {
                await line.Agent.StopAsync();
            }

            // The remedy of the message.
            foreach (var file in Directory.GetFiles(line.Line.Folder, "store.db*"))
            {
                File.Delete(file);
            }

            await line.StartAgentAsync();
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    // Until it is as large as it should be, or there is no more room.
    private static void Fill(string path, int bytes)
    {
        using var file = File.Create(path);
        var block = new byte[1 << 16];
        try
        {
            for (var i = 0; i < bytes; i += block.Length)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    // Every page of the table of inspections behind the first of the file, which says what the file is.
    private static void Damage(string path)
    {
        const int Page = 4096;
        using var file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var noise = new byte[Page];
        var random = new Random(11);
        for (var at = Page; at < file.Length; at += Page)
        {
            random.NextBytes(noise);
            file.Position = at;
            file.Write(noise);
        }
    }
}
