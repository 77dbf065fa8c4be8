using StructCore.Edge.Cameras;
using StructCore.Edge.Native;
using StructCore.Edge.Native.Aravis;

namespace StructCore.Tests.Cameras;

/// <summary>Finding cameras, and opening the one that was meant.</summary>
public sealed class AravisDevicesTests
{
    [Fact]
    public async Task Discover_ListsTheCameraAndEveryNameOpensIt()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        var found = Assert.Single(new NativeAdapterSet().DiscoverCameras(), c => c.Serial == fake.Serial);
        Assert.Equal(("Aravis", "Fake", fake.Address, "GigEVision"), (found.Vendor, found.Model, found.Address, found.Protocol));
        Assert.Equal("00:00:00:00:00:00", found.PhysicalId);
        foreach (var name in new[] { found.Serial, found.Id, found.Address })
        {
            await using var camera = await GenICamTestCamera.OpenedAsync(new CameraOptions { Id = "cam-1", Kind = "genicam", Source = name });
            await camera.FrameAsync();
        }
    }

    [Fact]
    public async Task Open_OtherSerial_ListsWhatIsThere()
    {
        await using var fake = await FakeGigECamera.StartAsync();
        await using var camera = new GenICamCamera(new CameraOptions { Id = "cam-1", Kind = "genicam", Source = "12345678" }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.StartsWith("Camera 'cam-1': no camera '12345678' answers; found: ", error.Message);
        Assert.Contains($"{fake.Serial} (Aravis-Fake-{fake.Serial}, {fake.Address})", error.Message);
    }

    [Theory]
    [InlineData("127.66.77.88")]
    [InlineData("255.255.255.255")]
    public async Task Open_AddressWithoutACamera_SaysSoSoon(string address)
    {
        await using var camera = new GenICamCamera(new CameraOptions { Id = "cam-1", Kind = "genicam", Source = address }, TimeProvider.System);
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Equal($"Camera 'cam-1': no GigE Vision camera answers at '{address}'. Check its power and cable and the network; 'structcore camera list' shows what answers.", error.Message);
    }

    [Fact]
    public void Guard_LibraryMissing_NamesThePackage()
    {
        var error = Assert.Throws<CameraException>(() => AravisDevices.Guard<int>(() => throw new DllNotFoundException()));
        Assert.Equal("The GenICam library 'libaravis-0.8.so.0' is missing. Install the package libaravis-0.8-0 (scripts/setup does).", error.Message);
    }

    [Fact]
    public void Guard_LibraryTooOld_NamesTheVersion()
    {
        var error = Assert.Throws<CameraException>(() => AravisDevices.Guard<int>(() => throw new EntryPointNotFoundException("No 'arv_x'.")));
        Assert.Equal("The GenICam library 'libaravis-0.8.so.0' is too old: No 'arv_x'. Install the package libaravis-0.8-0 in version 0.8.23 or newer.", error.Message);
    }
}
