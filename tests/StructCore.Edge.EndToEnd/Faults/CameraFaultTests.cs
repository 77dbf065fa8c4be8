using StructCore.Tests.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Faults;

/// <summary>The camera is gone, frozen, or gives broken frames: the part is an ERROR, the station says why, and it comes back by itself.</summary>
[Collection(FaultCollection.Name)]
[Trait("Suite", "faults")]
public sealed class CameraFaultTests(FittedParts parts, FaultSheet sheet)
{
    // Two seconds are promised; the rest is for a machine that does other things too.
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Camera_Unplugged_IsAnErrorUntilItIsBack()
    {
        NeedsNative("camera unplugged (GigE Vision)", "GenICam cameras need the native adapters");
        await using var camera = await FakeGigECamera.StartAsync(new FakeCameraOptions { Sensor = (320, 320) });
        await using var line = await FaultCase.StartAsync(parts, sheet, "camera unplugged (GigE Vision)", c =>
        {
            c["Cameras"]![0]!["Kind"] = "genicam";
            c["Cameras"]![0]!["Source"] = camera.Address;
        });

        // The camera shows a test pattern, which is no product.
        line.Recipe = "flange";
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            var from = line.Sent.Count;
            await line.SendInTurnAsync(count: 2);
            Assert.DoesNotContain("ERROR", line.Verdicts(from));
            await line.SendAsync(count: 2);
            await camera.KillAsync();
            await line.NotReadyAsync(within: Notice);
            from = line.Sent.Count;
            await line.SendAsync(count: 2);
            await line.SettleAsync();
            Assert.All(line.Verdicts(from), v => Assert.Equal("ERROR", v));
            await camera.StartAgainAsync();
            await line.ReadyAsync();
        }

        await line.SendInTurnAsync(count: 2);
        Assert.DoesNotContain("ERROR", line.Verdicts(line.Sent.Count - 2));
        await line.CloseAsync();
    }

    [Fact]
    public async Task Camera_FolderGone_IsAnErrorUntilItIsBack()
    {
        using var folder = new TemporaryFolder();
        var (frames, away) = (folder["frames"], folder["away"]);
        CopyParts(frames);
        await using var line = await FaultCase.StartAsync(parts, sheet, "camera unplugged (folder)", c => c["Cameras"]![0]!["Source"] = frames);
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            await line.SendAsync(count: 2);
            await line.SettleAsync();
            Directory.Move(frames, away);
            var from = line.Sent.Count;
            await line.SendInTurnAsync(count: 2);
            Assert.All(line.Verdicts(from), v => Assert.Equal("ERROR", v));
            await line.NotReadyAsync(within: Notice);
            Directory.Move(away, frames);
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Camera_Frozen_GivesErrorsUntilThePictureMoves()
    {
        NeedsNative("camera frozen", Structcore.NoNetworkCamera);
        var codec = Structcore.Codec;
        var part = codec.Decode(await File.ReadAllBytesAsync(Path.Combine(parts.Sure, "blister-good.png")), "blister");
        var frozen = false;
        byte[]? still = null;
        await using var camera = new MjpegServer(n => Volatile.Read(ref frozen) ? still ??= Noisy(codec, part, n) : Noisy(codec, part, n));
        camera.Start();
        await using var line = await FaultCase.StartAsync(parts, sheet, "camera frozen", c =>
        {
            c["Cameras"]![0]!["Kind"] = "opencv";
            c["Cameras"]![0]!["Source"] = camera.Address;
        });
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            var from = line.Sent.Count;
            await line.SendInTurnAsync(count: 2);
            Assert.All(line.Verdicts(from), v => Assert.Equal("ACCEPT", v));
            Volatile.Write(ref frozen, true);

            // More than the sockets between them can hold: the moving ones are past.
            await camera.AfterAsync(frames: 600);
            from = line.Sent.Count;
            await line.SendInTurnAsync(count: 3);
            Assert.All(line.Verdicts(from), v => Assert.Equal("ERROR", v));
            Volatile.Write(ref frozen, false);
            still = null;
            await line.ReadyAsync();
        }

        await line.SendInTurnAsync(count: 1);
        Assert.Equal(["ACCEPT"], line.Verdicts(line.Sent.Count - 1));
        await line.CloseAsync();
    }

    [Fact]
    public async Task Frame_Truncated_IsAnErrorForThatPartOnly()
    {
        using var folder = new TemporaryFolder();
        var frames = folder["frames"];
        CopyParts(frames);
        var codec = Structcore.Codec;
        var path = Path.Combine(frames, "blister-good.png");
        var sound = await File.ReadAllBytesAsync(path);
        var jpeg = codec.EncodeJpeg(codec.Decode(sound, path));
        await using var line = await FaultCase.StartAsync(parts, sheet, "corrupt frame", c => c["Cameras"]![0]!["Source"] = frames);
        line.Tried = FaultCollection.Times(full: 5);
        for (var i = 0; i < line.Tried; i++)
        {
            // Cut off anywhere behind the header; every other part is as before.
            await File.WriteAllBytesAsync(path, jpeg[..(jpeg.Length * (i + 1) / (line.Tried + 1))]);
            var from = line.Sent.Count;
            for (var n = 0; n < 4; n++)
            {
                await line.ReadyAsync();
                await line.SendInTurnAsync(count: 1);
            }

            Assert.Equal(["ACCEPT", "ERROR", "REJECT", "REJECT"], line.Verdicts(from).Order());
            await File.WriteAllBytesAsync(path, sound);
            await line.ProbeAsync();
        }

        await line.CloseAsync();
    }

    [Fact]
    public async Task Frame_WithLostPackets_IsNeverScored()
    {
        NeedsNative("lost packets", "GenICam cameras need the native adapters");
        await using var camera = await FakeGigECamera.StartAsync(new FakeCameraOptions { Sensor = (320, 320), LostPerMille = 8 });
        await using var line = await FaultCase.StartAsync(parts, sheet, "lost packets", c =>
        {
            c["Cameras"]![0]!["Kind"] = "genicam";
            c["Cameras"]![0]!["Source"] = camera.Address;
        });

        // The camera shows a test pattern, which is no product.
        line.Recipe = "flange";
        line.Tried = FaultCollection.Times(full: 5) * 20;
        await line.SendInTurnAsync(line.Tried);

        // Some frames come whole and are judged, some do not.
        Assert.Contains("ERROR", line.Verdicts(0));
        Assert.Contains(line.Verdicts(0), v => v != "ERROR");
        await line.CloseAsync();
    }

    private void NeedsNative(string fault, string reason)
    {
        if (!Structcore.IsNative)
        {
            sheet.Skip(fault, reason);
        }
    }

    // A sensor's noise: no two pictures are equal.
    private static byte[] Noisy(IImageCodec codec, RgbImage part, int number)
    {
        var pixels = part.Pixels.ToArray();
        var random = new Random(number);
        for (var i = 0; i < pixels.Length; i += 97)
        {
            pixels[i] = (byte)Math.Clamp(pixels[i] + random.Next(-3, 4), 0, 255);
        }

        return codec.EncodeJpeg(new RgbImage(part.Height, part.Width, pixels), 95);
    }

    private void CopyParts(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(parts.Sure))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
