using StructCore.Edge.Cameras;
using StructCore.Edge.Native.Aravis;

namespace StructCore.Tests.Cameras;

/// <summary>The contract of cameras, by Aravis' fake GigE Vision camera.</summary>
public sealed class GenICamCameraTests : CameraContract
{
    private FakeGigECamera? _fake;

    protected override bool IsRepeatable => false;

    public override async ValueTask InitializeAsync() => _fake = await FakeGigECamera.StartAsync(new FakeCameraOptions { Sensor = (Height, Width) });

    public override async ValueTask DisposeAsync()
    {
        await _fake!.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override CameraOptions Working() => new() { Id = "cam-1", Kind = "genicam", Source = _fake!.Address };

    protected override CameraOptions Missing() => new() { Id = "cam-1", Kind = "genicam", Source = "NOSUCH1" };

    protected override ICamera Create(CameraOptions options) => new GenICamCamera(options, TimeProvider.System);
}
