using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Tests.Cameras;
using StructCore.Vision.Imaging;

namespace StructCore.Tests;

/// <summary>Cameras that give nothing: the part is an ERROR, the station says why, and it goes on when there are frames again.</summary>
public sealed class CameraTests(FittedParts parts)
{
    private const string CameraState = "camera/folder/state";
    private static readonly IImageCodec Codec = Structcore.Codec;

    [Fact]
    public async Task Camera_MissingFolder_IsAFaultThatMakesPartsErrorsUntilItIsThere()
    {
        await using var station = await RunningStation.StartAsync(parts, c => c["Cameras"]![0]!["Source"] = "frames", state: "error");
        var (plc, frames) = (station.Plc, Path.Combine(station.Line.Folder, "frames"));
        var fault = Assert.Single((await plc.StateAsync("error")).GetProperty("faults").EnumerateArray());
        await plc.TriggerAsync("a");
        var error = await plc.VerdictAsync("a");

        // Made whole before it gets its name: the camera may look at any moment.
        var folder = Directory.CreateDirectory(frames + ".new");
        File.Copy(parts.Frame("flange-good"), Path.Combine(folder.FullName, "0.png"));
        folder.MoveTo(frames);
        await plc.StateAsync("ready");
        await plc.TriggerAsync("b");
        var verdict = await plc.VerdictAsync("b");

        Assert.Equal("camera_failed", fault.GetProperty("name").GetString());
        Assert.Contains($"'{frames}'", fault.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("ERROR", error.GetProperty("verdict").GetString());
        Assert.StartsWith("camera_failed: ", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(error.TryGetProperty("score", out _));
        Assert.Equal("flange", verdict.GetProperty("category").GetString());
    }

    [Fact]
    public async Task Camera_CorruptImage_IsAnErrorForThatPartOnly()
    {
        var frames = Directory.CreateTempSubdirectory("structcore-frames-");
        try
        {
            File.Copy(parts.Frame("flange-good"), Path.Combine(frames.FullName, "1.png"));
            await File.WriteAllBytesAsync(Path.Combine(frames.FullName, "2.png"), (await File.ReadAllBytesAsync(parts.Frame("flange-good")))[..5000]);
            File.Copy(parts.Frame("blister-good"), Path.Combine(frames.FullName, "3.png"));
            await using var station = await RunningStation.StartAsync(parts, c => c["Cameras"]![0]!["Source"] = frames.FullName);
            var plc = station.Plc;
            await plc.TriggerAsync("a");
            var before = await plc.VerdictAsync("a");
            await plc.TriggerAsync("b");
            var error = await plc.VerdictAsync("b");
            await plc.TriggerAsync("c");
            var after = await plc.VerdictAsync("c");

            Assert.Equal(("flange", "blister"), (before.GetProperty("category").GetString(), after.GetProperty("category").GetString()));
            Assert.Equal("ERROR", error.GetProperty("verdict").GetString());
            Assert.StartsWith("frame_spoilt: ", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(plc.All("state"), s => s.GetProperty("state").GetString() == "error" && s.GetProperty("faults").ToString().Contains("2.png", StringComparison.Ordinal));
            Assert.Contains("2.png", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            frames.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Camera_StreamThatStallsAndReturns_ShowsWithinTwoSecondsWithoutATriggerAndComesBack()
    {
        Assert.SkipUnless(Structcore.IsNative, Structcore.NoNetworkCamera);
        var part = Codec.Load(parts.Frame("flange-good"));
        await using var camera = new MjpegServer(n => Noisy(part, n));
        camera.Start();
        await using var station = await RunningStation.StartAsync(parts, c => Stream(c, camera.Address));
        var plc = station.Plc;
        await plc.WaitAsync(CameraState, s => Is(s, "works"));
        await plc.TriggerAsync("a");
        var before = await plc.VerdictAsync("a");
        await camera.StallAsync();
        var stalled = DateTimeOffset.UtcNow;
        var failed = await plc.WaitAsync(CameraState, s => Is(s, "failed") && s.GetProperty("since").GetDateTimeOffset() >= stalled);
        await plc.TriggerAsync("b");
        var error = await plc.VerdictAsync("b");
        camera.Resume();
        var back = await plc.WaitAsync(CameraState, s => Is(s, "works") && s.GetProperty("counters").GetProperty("reconnects").GetInt64() > 0);
        await plc.TriggerAsync("c");
        var after = await plc.VerdictAsync("c");

        Assert.Equal(("flange", "flange"), (before.GetProperty("category").GetString(), after.GetProperty("category").GetString()));
        Assert.InRange(failed.GetProperty("since").GetDateTimeOffset() - stalled, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("has given no frame for 1500 ms", failed.GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Equal("ERROR", error.GetProperty("verdict").GetString());
        Assert.StartsWith("camera_failed: ", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(back.TryGetProperty("failure", out _));
        Assert.True(after.GetProperty("frame_age_ms").GetDouble() > 0);
    }

    [Fact]
    public async Task Camera_WithoutLight_IsDegradedUntilThereIsLight()
    {
        Assert.SkipUnless(Structcore.IsNative, Structcore.NoNetworkCamera);
        var part = Codec.Load(parts.Frame("flange-good"));
        var dark = false;
        await using var camera = new MjpegServer(n => Volatile.Read(ref dark) ? Noisy(new RgbImage(part.Height, part.Width, new byte[part.Pixels.Length]), n, level: 2) : Noisy(part, n));
        camera.Start();
        await using var station = await RunningStation.StartAsync(parts, c => Stream(c, camera.Address));
        var plc = station.Plc;
        await plc.TriggerAsync("a");
        await plc.VerdictAsync("a");
        Volatile.Write(ref dark, true);
        await camera.AfterAsync(200);
        await plc.TriggerAsync("b");
        var error = await plc.VerdictAsync("b");
        await plc.WaitAsync(CameraState, s => Is(s, "degraded"));
        Volatile.Write(ref dark, false);
        var back = await plc.WaitAsync(CameraState, _ => Is(plc.All(CameraState)[^1], "works") && plc.All(CameraState).Any(s => Is(s, "degraded")));
        await plc.TriggerAsync("c");
        var after = await plc.VerdictAsync("c");

        Assert.Equal("ERROR", error.GetProperty("verdict").GetString());
        Assert.StartsWith("camera_black: ", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, back.GetProperty("counters").GetProperty("reconnects").GetInt64());
        Assert.Equal("flange", after.GetProperty("category").GetString());
    }

    private static void Stream(JsonNode configuration, string address)
    {
        configuration["Cameras"]![0]!["Kind"] = "opencv";
        configuration["Cameras"]![0]!["Source"] = address;
        configuration["Cameras"]![0]!["GrabTimeoutMs"] = 10_000;
    }

    private static bool Is(JsonElement camera, string state) => camera.GetProperty("state").GetString() == state;

    /// <summary>A sensor never gives the same picture twice.</summary>
    private static byte[] Noisy(RgbImage image, int number, int level = 4)
    {
        var random = new Random(number);
        var pixels = image.Pixels.ToArray();
        for (var i = 0; i < pixels.Length; i += 97)
        {
            pixels[i] = (byte)Math.Min(255, pixels[i] + random.Next(level));
        }

        return Codec.EncodeJpeg(new RgbImage(image.Height, image.Width, pixels), 95);
    }
}
