using StructCore.Edge.Cameras;
using StructCore.Edge.Native.Aravis;

namespace StructCore.Tests.Cameras;

/// <summary>What is configured arrives at the camera, or the message says why it cannot.</summary>
public sealed class GenICamSettingsTests
{
    // Registers of the fake camera.
    private const ushort Width = 0x100;
    private const ushort Height = 0x104;
    private const ushort Gain = 0x110;
    private const ushort Exposure = 0x120;
    private const ushort PixelFormat = 0x128;
    private const ushort OffsetX = 0x130;
    private const ushort OffsetY = 0x134;
    private const ushort TriggerMode = 0x300;
    private const ushort TriggerSource = 0x304;
    private const ushort PacketSize = 0xD04;

    [Fact]
    public async Task Open_Settings_StandInTheCamera()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options(new GenICamOptions { ExposureMicroseconds = 5000, Gain = 3, PixelFormat = CameraPixelFormat.RGB8, PacketSize = 600 });
        options.Region = new RegionOfInterest { X = 8, Y = 2, Width = 20, Height = 18 };
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        ushort[] registers = [OffsetX, OffsetY, Width, Height, Exposure, Gain, PixelFormat, TriggerMode, TriggerSource];
        List<uint> values = [];
        foreach (var register in registers)
        {
            values.Add(await fake.ReadRegisterAsync(register));
        }

        Assert.Equal([8, 2, 20, 18, 5000, 3, 0x02180014, 1, 1], values);
        Assert.Equal(600u, await fake.ReadRegisterAsync(PacketSize) & 0xFFFF);
        var image = (await camera.FrameAsync()).Image;
        Assert.Equal((18, 20), (image.Height, image.Width));
    }

    [Fact]
    public async Task Open_Hardware_ArmsTheInput()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options(new GenICamOptions { Trigger = "hardware" }));
        Assert.Equal((1u, 0u), (await fake.ReadRegisterAsync(TriggerMode), await fake.ReadRegisterAsync(TriggerSource)));
    }

    [Fact]
    public async Task Open_WithoutRegion_TakesTheWholeSensorWhateverWasSetBefore()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options();
        options.Region = new RegionOfInterest { X = 4, Y = 4, Width = 8, Height = 8 };
        await using (await GenICamTestCamera.OpenedAsync(options))
        {
        }

        options.Region = null;
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        var image = (await camera.FrameAsync()).Image;
        Assert.Equal((24, 32), (image.Height, image.Width));
    }

    [Theory]
    [InlineData(CameraPixelFormat.Mono8)]
    [InlineData(CameraPixelFormat.Mono16)]
    [InlineData(CameraPixelFormat.RGB8)]
    [InlineData(CameraPixelFormat.BayerGR8)]
    [InlineData(CameraPixelFormat.BayerRG8)]
    [InlineData(CameraPixelFormat.BayerGB8)]
    [InlineData(CameraPixelFormat.BayerBG8)]
    public async Task Grab_PixelFormat_GivesAnImageOfTheRamp(CameraPixelFormat format)
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = await GenICamTestCamera.OpenedAsync(fake.Options(new GenICamOptions { PixelFormat = format }));
        var image = (await camera.FrameAsync()).Image;
        Assert.Equal((24, 32), (image.Height, image.Width));

        // The picture is the same along every diagonal from the upper right, borders of the interpolation aside.
        for (var i = 4; i < 20; i++)
        {
            Assert.Equal(image.Row(4).Slice(i * 3, 3).ToArray(), image.Row(i).Slice(4 * 3, 3).ToArray());
        }

        Assert.True(image.Pixels.ToArray().Distinct().Count() > 8);
    }

    [Fact]
    public async Task Open_CameraThatNamesThingsTheOldWay_IsSetAllTheSame()
    {
        await using var fake = await FakeGigECamera.StartAsync(new FakeCameraOptions { BuiltInDescription = true });
        var options = fake.Options(new GenICamOptions { ExposureMicroseconds = 20_000, Gain = 2 });
        options.Region = new RegionOfInterest { X = 100, Y = 50, Width = 61, Height = 33 };
        await using var camera = await GenICamTestCamera.OpenedAsync(options);
        Assert.Equal((20_000u, 2u), (await fake.ReadRegisterAsync(Exposure), await fake.ReadRegisterAsync(Gain)));
        var image = (await camera.FrameAsync()).Image;
        Assert.Equal((33, 61), (image.Height, image.Width));
    }

    public static TheoryData<string, GenICamOptions, RegionOfInterest?> Refused => new()
    {
        { "ExposureTime = 5 us: it is out of range. Allowed: 20 to 1000000 us. Set the camera's GenICam:ExposureMicroseconds.", new() { ExposureMicroseconds = 5 }, null },
        { "Gain = 10.5 dB: it is out of range. Allowed: 0 to 10 dB. Set the camera's GenICam:Gain.", new() { Gain = 10.5 }, null },
        { "Gain = 1.6 dB: it took 1 instead. Allowed: 0 to 10 dB. Set the camera's GenICam:Gain.", new() { Gain = 1.6 }, null },
        { "Allowed: Line1, Software. Set the camera's GenICam:TriggerSource.", new() { Trigger = "hardware", TriggerSource = "Line9" }, null },
        { "Allowed: Mono8, Mono16, BayerGR8, BayerRG8, BayerGB8, BayerBG8, RGB8. Set the camera's GenICam:PixelFormat.", new() { PixelFormat = CameraPixelFormat.BGR8 }, null },
        { "Set the camera's GenICam:ThroughputLimit.", new() { ThroughputLimit = 5_000_000 }, null },
        { "Width = 10: it does not fit. Allowed: 4 to 32 in steps of 4. Set the camera's Region:Width.", new(), new() { Width = 10, Height = 8 } },
        { "OffsetX = 6: it does not fit. Allowed: 0 to 24 in steps of 4. Set the camera's Region:X.", new(), new() { X = 6, Width = 8, Height = 8 } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Open_SettingTheCameraRefuses_NamesFeatureAskedAllowedAndKey(string message, GenICamOptions genICam, RegionOfInterest? region)
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var options = fake.Options(genICam);
        options.Region = region;
        await using var camera = new GenICamCamera(options, TimeProvider.System);
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.StartsWith("Camera 'cam-1': '127.0.0.1' refuses ", error.Message);
        Assert.EndsWith(message, error.Message);

        // The camera is free for the next try.
        options.GenICam = null;
        options.Region = null;
        await camera.OpenAsync(default);
        await camera.FrameAsync();
    }
}
