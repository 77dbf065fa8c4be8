using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Native.Aravis;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Cameras;

public sealed class FolderCameraTests : CameraContract
{
    private static readonly OpenCvImageCodec Codec = new();

    protected override CameraOptions Working()
    {
        Write("a.png", "b.PNG", "c.png");
        return new CameraOptions { Id = "cam-1", Kind = "folder", Source = Folder };
    }

    protected override CameraOptions Missing() => new() { Id = "cam-1", Kind = "folder", Source = Path.Combine(Folder, "nowhere") };

    protected override ICamera Create(CameraOptions options) => new FolderCamera(options, Codec, TimeProvider.System);

    [Fact]
    public async Task Grab_Loop_GoesThroughTheNamesInOrdinalOrder()
    {
        // The notes are no image; upper case comes first.
        var options = Working();
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "x");
        Write("B.png");
        await using var camera = await Opened(options);
        List<string> names = [];
        for (var i = 0; i < 6; i++)
        {
            names.Add((await camera.GrabAsync(default)).Frame!.FrameId);
        }

        Assert.Equal(["000001-B.png", "000002-a.png", "000003-b.PNG", "000004-c.png", "000005-B.png", "000006-a.png"], names);
    }

    [Fact]
    public async Task Grab_AfterTheLastWithoutLoop_Fails()
    {
        var options = Working();
        options.Loop = false;
        await using var camera = await Opened(options);
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull((await camera.GrabAsync(default)).Frame);
        }

        Assert.Contains("has no image after its last, 'c.png'", (await camera.GrabAsync(default)).Failure);
        await camera.OpenAsync(default);
        Assert.EndsWith("a.png", (await camera.GrabAsync(default)).Frame!.FrameId);
    }

    [Fact]
    public async Task Grab_CorruptFile_FailsAndGoesOn()
    {
        var options = Working();
        var damaged = Path.Combine(Folder, "aa.png");
        File.WriteAllBytes(damaged, File.ReadAllBytes(Path.Combine(Folder, "a.png"))[..^20]);
        await using var camera = await Opened(options);
        Assert.NotNull((await camera.GrabAsync(default)).Frame);
        var result = await camera.GrabAsync(default);
        Assert.Null(result.Frame);
        Assert.Contains($"Camera 'cam-1': Image '{damaged}' ends after", result.Failure);
        Assert.EndsWith("b.PNG", (await camera.GrabAsync(default)).Frame!.FrameId);
    }

    [Fact]
    public async Task Grab_FileGoneSinceOpen_Fails()
    {
        await using var camera = await Opened(Working());
        File.Delete(Path.Combine(Folder, "a.png"));
        Assert.Contains("a.png", (await camera.GrabAsync(default)).Failure);
    }

    [Fact]
    public async Task Open_EmptyFolder_SaysSo()
    {
        await using var camera = Create(new CameraOptions { Id = "cam-1", Source = Folder });
        var error = await Assert.ThrowsAsync<CameraException>(() => camera.OpenAsync(default));
        Assert.Equal($"Camera 'cam-1': the folder '{Folder}' holds no PNG, JPEG, BMP or TIFF file. Put images there or set the camera's Source.", error.Message);
    }

    [Fact]
    public void Factory_Kinds_GiveTheirCameras()
    {
        var adapters = new StructCore.Edge.Native.NativeAdapterSet();
        var factory = new CameraFactory(adapters, TimeProvider.System);
        Assert.IsType<FolderCamera>(factory.Create(new CameraOptions { Kind = "folder" }));
        Assert.IsType<VideoCamera>(factory.Create(new CameraOptions { Kind = "opencv", Source = "0" }));
        Assert.IsType<GenICamCamera>(factory.Create(new CameraOptions { Kind = "genicam", Source = "10.0.0.1" }));
        var error = Assert.Throws<CameraException>(() => factory.Create(new CameraOptions { Id = "cam-9", Kind = "pigeon" }));
        Assert.Equal("Camera 'cam-9' is of kind 'pigeon'; 'folder', 'opencv' and 'genicam' are known. Set the camera's Kind.", error.Message);
    }

    private void Write(params string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            File.WriteAllBytes(Path.Combine(Folder, names[i]), Codec.EncodePng(Numbered(i)));
        }
    }
}
