namespace StructCore.Tests;

/// <summary>Cameras that give nothing: the part is an ERROR, the station says why, and it goes on when there are frames again.</summary>
public sealed class CameraTests(FittedParts parts)
{
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
            await plc.StateAsync("error");
            await plc.WaitAsync("state", _ => plc.All("state")[^1].GetProperty("state").GetString() == "ready");
            await plc.TriggerAsync("c");
            var after = await plc.VerdictAsync("c");

            Assert.Equal(("flange", "blister"), (before.GetProperty("category").GetString(), after.GetProperty("category").GetString()));
            Assert.Equal("ERROR", error.GetProperty("verdict").GetString());
            Assert.StartsWith("camera_failed: ", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Contains("2.png", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            frames.Delete(recursive: true);
        }
    }
}
