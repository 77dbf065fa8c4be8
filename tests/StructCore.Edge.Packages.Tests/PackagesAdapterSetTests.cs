using StructCore.Edge.Cameras;
using StructCore.Edge.Packages;

namespace StructCore.Tests;

public sealed class PackagesAdapterSetTests
{
    [Fact]
    public void CreateCamera_GenICam_NamesCameraAndRemedy()
    {
        var failure = Assert.Throws<CameraException>(() => new PackagesAdapterSet().CreateCamera(new CameraOptions { Id = "left", Kind = "genicam" }, TimeProvider.System));
        Assert.Equal("Camera 'left' is of kind 'genicam'. GenICam cameras need the native adapters: build with -p:Adapters=native on Linux.", failure.Message);
    }

    [Fact]
    public void DiscoverCameras_Always_NamesTheRemedy()
    {
        var failure = Assert.Throws<CameraException>(() => new PackagesAdapterSet().DiscoverCameras());
        Assert.Contains("-p:Adapters=native", failure.Message, StringComparison.Ordinal);
    }
}
