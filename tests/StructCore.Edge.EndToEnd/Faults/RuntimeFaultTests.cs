using StructCore.Vision.Imaging;

namespace StructCore.Tests.Faults;

/// <summary>What the agent runs on changes under it: the backbone's file, the memory.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class RuntimeFaultTests(FittedParts parts, FaultSheet sheet)
{
    private const int Failed = 1;

    [Fact]
    public async Task Backbone_FileReplaced_IsNotUsedAndRefusedAtTheNextStart()
    {
        using var folder = new TemporaryFolder();
        var models = Directory.CreateDirectory(folder["models"]).FullName;
        foreach (var file in Directory.GetFiles(FittedParts.Models, "proc-r10.*"))
        {
            File.Copy(file, Path.Combine(models, Path.GetFileName(file)));
        }

        var backbone = Path.Combine(models, "proc-r10.onnx");
        var sound = await File.ReadAllBytesAsync(backbone);
        await using var line = await FaultCase.StartAsync(parts, sheet, "backbone file replaced", c => c["Models"]!["Folder"] = models);
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            // In place, as a copy over it does: cut off, or as long as before with other weights.
            var other = i % 2 == 0 ? sound.ToArray() : sound[..(sound.Length / 2)];
            other[other.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(backbone, other);
            await line.ProbeAsync();
            Assert.Equal(0, await line.Agent.StopAsync());
            line.Launch();
            await line.SendAsync(count: 2);
            Assert.Equal(Failed, await line.Agent.WaitAsync());
            Assert.Contains("proc-r10", line.Agent.Error, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(backbone, sound);
            await line.StartAgentAsync();
        }

        await line.ProbeAsync();
        await line.CloseAsync();
    }

    [Fact]
    public async Task Memory_RunsOut_IsAnErrorForThatPartOnly()
    {
        const int Side = 9000;
        using var folder = new TemporaryFolder();
        var frames = Directory.CreateDirectory(folder["frames"]).FullName;
        foreach (var file in Directory.GetFiles(parts.Sure))
        {
            File.Copy(file, Path.Combine(frames, Path.GetFileName(file)));
        }

        var path = Path.Combine(frames, "blister-good.png");
        var sound = await File.ReadAllBytesAsync(path);
        var huge = Structcore.Codec.EncodePng(new RgbImage(Side, Side, new byte[Side * Side * RgbImage.Channels]));
        await using var line = await FaultCase.PrepareAsync(parts, sheet, "out of memory", c => c["Cameras"]![0]!["Source"] = frames);

        // 200 MB for an image of 243 MB.
        line.Start = l => l.StartAgent(("DOTNET_GCHeapHardLimit", "0xC800000"));
        await line.StartAgentAsync();
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await File.WriteAllBytesAsync(path, huge);
            var from = line.Sent.Count;
            for (var n = 0; n < 4; n++)
            {
                await line.ReadyAsync();
                await line.SendAsync(deadlineMs: 20_000);
                await line.SettleAsync();
            }

            Assert.Equal(["ACCEPT", "ERROR", "REJECT", "REJECT"], line.Verdicts(from).Order());
            Assert.Contains(line.Plc.All("results"), r => r.GetProperty("reason").GetString()!.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal));
            await File.WriteAllBytesAsync(path, sound);
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }
}
