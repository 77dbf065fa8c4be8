using StructCore.Edge.Cameras;
using StructCore.Edge.Native.Aravis;

namespace StructCore.Tests.Cameras;

/// <summary>Cameras of kind <c>genicam</c> on a fake one.</summary>
internal static class GenICamTestCamera
{
    public static CameraOptions Options(this FakeGigECamera fake, GenICamOptions? genICam = null) => new() { Id = "cam-1", Kind = "genicam", Source = fake.Address, GenICam = genICam };

    public static async Task<GenICamCamera> OpenedAsync(CameraOptions options)
    {
        var camera = new GenICamCamera(options, TimeProvider.System);
        await camera.OpenAsync(default);
        return camera;
    }

    public static async Task<Frame> FrameAsync(this ICamera camera)
    {
        var result = await camera.GrabAsync(default);
        Assert.True(result.Frame is not null, result.Failure);
        return result.Frame;
    }
}
